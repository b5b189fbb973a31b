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
    /// Makes the folder when it is missing, mode 0700; one that others may read is closed to them.
    ///
    /// # Errors
    /// A sentence, when it cannot be made, is not a folder, or belongs to somebody else.
    pub fn open(path: &Path) -> Result<Folder, String> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(|error| format!("The folder {} cannot be made: {error}.", path.display()))?;
        path.canonicalize()
            .and_then(|path| keep_private(&path))
            .map_err(|error| format!("The folder {} cannot be kept private: {error}.", path.display()))?;
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

/// Closes a folder of ours to everybody else. Links lie in it: one that belongs to another user, or is a link to elsewhere, is refused.
///
/// # Errors
/// Those of the file system, and one for a folder that is not ours.
pub fn keep_private(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let found = fs::symlink_metadata(path)?;
        if !found.is_dir() {
            return Err(io::Error::other("it is not a folder"));
        }
        if found.permissions().mode() & 0o077 != 0 {
            // Only its owner (or root) may do this; for anybody else's folder it fails.
            fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
        }
        if found.uid() != owner_of_new_files(path)? {
            return Err(io::Error::other("it belongs to another user"));
        }
    }
    Ok(())
}

/// The user whom files made here belong to: ourselves.
#[cfg(unix)]
fn owner_of_new_files(path: &Path) -> io::Result<u32> {
    use std::os::unix::fs::MetadataExt;
    let probe = path.join(format!(".owner-{}.part", std::process::id()));
    let made = fs::OpenOptions::new().write(true).create(true).truncate(true).open(&probe)?.metadata()?.uid();
    fs::remove_file(&probe)?;
    Ok(made)
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

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_may_read_is_closed_to_them_and_a_link_to_elsewhere_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let open = home.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o755)).unwrap();
        Folder::open(&open).unwrap();
        assert_eq!(fs::metadata(&open).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(&open).unwrap().count(), 0);
        std::os::unix::fs::symlink(&open, home.path().join("link")).unwrap();
        assert!(keep_private(&home.path().join("link")).is_err());
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
