//! What all patches do alike.

use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::fields::Change;
use crate::sandbox::store::state::State;

/// Makes changes: all of them or none, unless the sandbox was told otherwise. `change` makes some of them together.
pub(crate) fn apply(
    state: &mut State,
    changes: &[Change],
    change: impl Fn(&mut State, &[Change]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    if state.settings.patches_are_atomic {
        change(state, changes)
    } else {
        changes.iter().try_for_each(|one| change(state, std::slice::from_ref(one)))
    }
}
