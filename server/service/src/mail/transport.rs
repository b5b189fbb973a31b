//! The ways out: a relay, a folder, memory.

use super::{
    failure::{Failure, Reply},
    folder::Folder,
    memory::Memory,
    message::Mail,
    smtp::{Line, Settings},
};

/// Where mail goes.
#[derive(Clone, Debug)]
pub enum Transport {
    /// A relay.
    Smtp(Settings),
    /// A folder of files.
    Folder(Folder),
    /// Memory, for tests.
    Memory(Memory),
}

impl Transport {
    /// Where mail goes, in words that hold no password: `the folder mail`, `smtp.example.org`.
    pub fn name(&self) -> String {
        match self {
            Transport::Smtp(settings) => settings.host.clone(),
            Transport::Folder(folder) => format!("the folder {}", folder.path().display()),
            Transport::Memory(_) => "memory".to_owned(),
        }
    }

    /// One worker's own way out.
    pub fn courier(&self) -> Courier {
        match self {
            Transport::Smtp(settings) => Courier::Smtp(Line::new(settings.clone())),
            Transport::Folder(folder) => Courier::Folder(folder.clone()),
            Transport::Memory(memory) => Courier::Memory(memory.clone()),
        }
    }
}

/// One worker's own way out: a line to the relay is never shared and never pooled.
#[derive(Debug)]
pub enum Courier {
    /// A line to a relay.
    Smtp(Line),
    /// A folder of files.
    Folder(Folder),
    /// Memory, for tests.
    Memory(Memory),
}

impl Courier {
    /// Hands over one message. `may_go` is asked at the last moment at which nothing has been sent.
    ///
    /// # Errors
    /// Where and why it failed.
    pub async fn send(&mut self, mail: &Mail, may_go: &(dyn Fn() -> bool + Sync)) -> Result<Reply, Failure> {
        match self {
            Courier::Smtp(line) => line.send(mail, may_go).await,
            Courier::Folder(folder) => folder.send(mail).await,
            Courier::Memory(memory) => memory.send(mail),
        }
    }

    /// Ends what is open.
    pub async fn close(&mut self) {
        if let Courier::Smtp(line) = self {
            line.close().await;
        }
    }
}
