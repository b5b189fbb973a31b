//! Mail as files: one `.eml` for each message in a folder that only its owner may open. The default of a fresh install.

use super::{
    failure::{Cause, Failure, Reply, Step},
    message::Mail,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A folder that mail is written to.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes the folder when it is missing, mode 0700.
    ///
    /// # Errors
    /// A sentence, when it cannot be made or is not a folder.
    pub fn open(path: &Path) -> Result<Folder, String> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(|error| format!("The folder {} cannot be made: {error}.", path.display()))?;
        Ok(Folder(path.to_owned()))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes one message durably, whole or not at all. Its name comes from the Message-ID, so that a repeat overwrites itself.
    ///
    /// # Errors
    /// A failure at [`Step::Write`].
    pub async fn send(&self, mail: &Mail) -> Result<Reply, Failure> {
        let (folder, name, bytes) = (self.0.clone(), file_name(&mail.message_id), mail.bytes.clone());
        let written = tokio::task::spawn_blocking(move || write(&folder, &name, &bytes).map(|()| name)).await;
        let written = written.unwrap_or_else(|_| Err(io::Error::other("the writing was broken off")));
        written.map(|name| Reply { code: 250, text: format!("written to {name}") }).map_err(|error| {
            let words = error.to_string();
            let cause = match error.kind() {
                io::ErrorKind::PermissionDenied
                | io::ErrorKind::NotFound
                | io::ErrorKind::NotADirectory
                | io::ErrorKind::ReadOnlyFilesystem => Cause::Denied(words),
                _ => Cause::Broken(words),
            };
            Failure::new(Step::Write, cause)
        })
    }
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let unfinished = folder.join(format!(".{name}.part"));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, folder.join(name))?;
    // The new name is durable once the folder itself is.
    fs::File::open(folder)?.sync_all()
}

/// The Message-ID as a file name; whatever else it may hold, it names nothing outside the folder.
fn file_name(message_id: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '@' | '.') { c } else { '_' };
    let name: String = message_id.chars().map(safe).take(200).collect();
    format!("{}.eml", name.trim_start_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(id: &str, bytes: &str) -> Mail {
        Mail { message_id: id.into(), from: "a@x.example".into(), to: "b@x.example".into(), bytes: bytes.into() }
    }

    #[tokio::test]
    async fn a_repeat_overwrites_itself_and_nothing_unfinished_is_left() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::open(&home.path().join("a/mail")).unwrap();
        folder.send(&mail("one@x", "first")).await.unwrap();
        folder.send(&mail("one@x", "first")).await.unwrap();
        folder.send(&mail("two@x", "second")).await.unwrap();
        let mut names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["one@x.eml", "two@x.eml"]);
        assert_eq!(fs::read_to_string(folder.path().join("one@x.eml")).unwrap(), "first");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_the_owner_may_read_mail() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::open(&home.path().join("mail")).unwrap();
        folder.send(&mail("one@x", "first")).await.unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(folder.path()), mode(&folder.path().join("one@x.eml"))), (0o700, 0o600));
    }

    #[tokio::test]
    async fn a_folder_that_vanished_is_a_wrong_setting() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::open(&home.path().join("mail")).unwrap();
        fs::remove_dir(folder.path()).unwrap();
        let failure = folder.send(&mail("one@x", "first")).await.unwrap_err();
        assert!(matches!(failure, Failure { step: Step::Write, cause: Cause::Denied(_) }));
        assert_eq!(crate::mail::classify(&failure), crate::mail::Verdict::Misconfigured);
    }

    #[test]
    fn a_message_id_names_nothing_outside_the_folder() {
        assert_eq!(file_name("../../etc/passwd"), "_.._etc_passwd.eml");
        assert_eq!(file_name("a\u{0}b/c"), "a_b_c.eml");
    }
}
