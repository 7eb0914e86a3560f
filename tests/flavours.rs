//! Both clients in one program, on one sandbox. `maybe-async/is_sync`, which some other crate in the graph may turn on, is
//! turned on for all tests (see `Cargo.toml`).
#![cfg(feature = "async")]

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{Error, ExternalContact};

#[test]
fn both_clients_work_side_by_side() -> Result<(), Error> {
    let sandbox = Sandbox::new();
    let blocking = sandbox.client();
    let nonblocking = sandbox.async_client();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();

    let id = blocking.contacts().create(ExternalContact::default().with_last_name("Lovelace")).send()?.id.unwrap();
    let ours = id.clone();
    // A request owns what it needs: it can move into a task or a thread.
    let request = nonblocking.contacts().get(ours);
    let read = runtime.block_on(runtime.spawn(request.send())).unwrap()?;
    assert_eq!(read.last_name.as_deref(), Some("Lovelace"));

    let request = blocking.contacts().delete(id.clone());
    std::thread::spawn(move || request.send()).join().unwrap()?;
    let gone = runtime.block_on(nonblocking.contacts().get(id).optional().send())?;
    assert!(gone.is_none());
    Ok(())
}
