//! The doors of the server: a TCP port, a Unix socket, or both.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::Path;

use tokio::net::TcpListener;

use crate::serve::config::ServeConfig;

/// A door that cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {source}")]
pub struct BindError {
    /// Where.
    pub address: String,
    /// Why.
    pub source: io::Error,
}

/// What the server listens on.
#[derive(Debug)]
pub struct Listeners {
    pub(super) tcp: Option<TcpListener>,
    #[cfg(unix)]
    pub(super) unix: Option<unix::Socket>,
}

impl Listeners {
    /// Opens what the configuration names. Callers can connect from now on; they are answered once the server runs.
    ///
    /// # Errors
    /// A port or a socket is taken, or is not ours to open.
    pub async fn bind(config: &ServeConfig) -> Result<Self, BindError> {
        let tcp = if config.listen.is_empty() {
            None
        } else {
            let failed = |source| BindError { address: config.listen.clone(), source };
            Some(TcpListener::bind(&config.listen).await.map_err(failed)?)
        };
        #[cfg(unix)]
        let unix = match &config.unix_socket {
            None => None,
            Some(path) => {
                let failed = |source| BindError { address: path.display().to_string(), source };
                Some(unix::Socket::bind(path).await.map_err(failed)?)
            }
        };
        Ok(Self {
            tcp,
            #[cfg(unix)]
            unix,
        })
    }

    /// The TCP address, with the port that was found where port 0 was asked for.
    pub fn tcp_address(&self) -> Option<SocketAddr> {
        self.tcp.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// The Unix socket.
    pub fn unix_path(&self) -> Option<&Path> {
        #[cfg(unix)]
        return self.unix.as_ref().map(|socket| socket.file.path.as_path());
        #[cfg(not(unix))]
        None
    }
}

impl fmt::Display for Listeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tcp = self.tcp_address().map(|address| address.to_string());
        let unix = self.unix_path().map(|path: &Path| format!("unix:{}", path.display()));
        f.write_str(&[tcp, unix].into_iter().flatten().collect::<Vec<_>>().join(" and "))
    }
}

#[cfg(unix)]
pub(super) mod unix {
    use std::fs;
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
    use std::path::PathBuf;

    use tokio::net::{UnixListener, UnixStream};

    use super::{Path, io};

    /// A Unix socket and its file.
    #[derive(Debug)]
    pub(in crate::serve) struct Socket {
        pub(in crate::serve) listener: UnixListener,
        pub(in crate::serve) file: SocketFile,
    }

    /// Removes the file when it goes, unless somebody has put another in its place.
    #[derive(Debug)]
    pub(in crate::serve) struct SocketFile {
        pub(in crate::serve) path: PathBuf,
        inode: u64,
    }

    impl Socket {
        pub(super) async fn bind(path: &Path) -> io::Result<Self> {
            remove_stale(path).await?;
            let listener = UnixListener::bind(path)?;
            let inode = fs::symlink_metadata(path)?.ino();
            Ok(Self { listener, file: SocketFile { path: path.to_owned(), inode } })
        }
    }

    /// A server that was killed leaves its file behind. It is removed if nobody answers on it.
    async fn remove_stale(path: &Path) -> io::Result<()> {
        let metadata = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        if !metadata.file_type().is_socket() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "there is a file that is no socket"));
        }
        match UnixStream::connect(path).await {
            Ok(_) => Err(io::Error::new(io::ErrorKind::AddrInUse, "another server answers there")),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path),
            Err(error) => Err(error),
        }
    }

    impl Drop for SocketFile {
        fn drop(&mut self) {
            if fs::symlink_metadata(&self.path).is_ok_and(|metadata| metadata.ino() == self.inode) {
                // Nothing is left to be done for a file that cannot be removed; the next start will try.
                let _ = fs::remove_file(&self.path);
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    async fn bind(path: &Path) -> Result<Listeners, BindError> {
        let config =
            ServeConfig { listen: String::new(), unix_socket: Some(path.to_owned()), ..ServeConfig::default() };
        Listeners::bind(&config).await
    }

    #[tokio::test]
    async fn a_stale_socket_is_replaced_and_a_live_one_is_not() {
        let path = std::env::temp_dir().join(format!("obelus-listeners-{}.sock", std::process::id()));
        drop(std::os::unix::net::UnixListener::bind(&path).expect("a free path"));
        assert!(path.exists(), "a socket's file outlives it");
        let first = bind(&path).await.expect("nobody answers");
        assert_eq!(first.to_string(), format!("unix:{}", path.display()));
        let second = bind(&path).await.expect_err("the first answers").to_string();
        assert!(second.ends_with("another server answers there"), "{second}");
        drop(first);
        assert!(!path.exists(), "removed on exit");
    }

    #[tokio::test]
    async fn a_file_that_is_no_socket_is_left_alone() {
        let path = std::env::temp_dir().join(format!("obelus-listeners-{}.txt", std::process::id()));
        std::fs::write(&path, "precious").expect("a free path");
        let error = bind(&path).await.expect_err("no socket").to_string();
        assert!(error.ends_with("there is a file that is no socket"), "{error}");
        assert_eq!(std::fs::read(&path).ok().as_deref(), Some(b"precious".as_slice()));
        std::fs::remove_file(&path).expect("ours");
    }
}
