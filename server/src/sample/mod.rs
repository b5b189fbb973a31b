//! The sample data of the demo: made through the real use cases, so that nothing in it could not have happened.

mod people;

use crate::node::Node;
use anyhow::{Result, ensure};
use model::console::{Console, Import};
use service::Service;

/// Fills an empty database.
///
/// # Errors
/// What a use case refused, which would be a defect of the sample.
pub async fn fill(node: &Node) -> Result<()> {
    let report = node.service.import_users(&Service::command_line(), people::csv().as_bytes(), &Import::default()).await?;
    ensure!(report.bad == 0, "the sample people have a bad line: {:?}", report.problems.first());
    Ok(())
}
