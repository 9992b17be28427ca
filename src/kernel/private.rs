//! Files that nobody else of the machine may read: the database's, and the server's key.

use std::path::Path;

/// Takes the rights of everybody else off a file, where it is there and they have some. Those of its group
/// stay as the operator has set them. Tells whether there was something to take.
///
/// # Errors
/// Where the file is somebody else's.
#[cfg(unix)]
pub fn close_to_others(path: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = match std::fs::metadata(path) {
        Ok(metadata) => metadata.permissions(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let mode = permissions.mode();
    if mode & 0o007 == 0 {
        return Ok(false);
    }
    permissions.set_mode(mode & !0o007);
    std::fs::set_permissions(path, permissions)?;
    Ok(true)
}

/// Such rights are not known here.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn close_to_others(_: &Path) -> std::io::Result<bool> {
    Ok(false)
}
