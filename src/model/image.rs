//! Pictures.

model! {
    /// One size of a picture of a user, a group or a location.
    pub struct Image {
        /// Width and height in pixels, such as `640x480`; one of the two may be missing, as in `x128`.
        resolution: String => "resolution",
        /// Where this size of the picture can be downloaded.
        image_uri: String => "imageUri",
    }
}
