//! A disk that fails and a clock that is wrong, for the process that is started with this library before all others (`LD_PRELOAD`). Writing,
//! cutting and syncing of files whose path holds `VEKHA_IO_FAULTS_FILES` fail as the file `VEKHA_IO_FAULTS` says at that moment; whoever
//! tests writes it. Never part of anything that is shipped.
//!
//! `unsafe` is allowed in this crate alone: to stand in the place of functions of the C library, it has to define them under their names, with
//! pointers that their callers vouch for. Each of them looks at no memory but its own and hands what it was given to the kernel as it is.
#![cfg(all(target_os = "linux", target_pointer_width = "64"))]

use std::ffi::{CString, c_int, c_long, c_void};
use std::os::unix::ffi::OsStringExt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// What the file says: eight numbers of 64 bits, in the machine's own order.
#[repr(C)]
struct Control {
    /// 0: nothing fails. 1: the call before which `left` are passed fails. 2: that one and all later ones do. 3: files may grow by
    /// `left` bytes more.
    mode: AtomicU64,
    left: AtomicI64,
    /// What a call fails with.
    errno: AtomicU64,
    /// Calls that were looked at.
    seen: AtomicU64,
    /// Calls that failed.
    failed: AtomicU64,
    /// Milliseconds by which the clock on the wall is ahead.
    ahead: AtomicI64,
    unused: [AtomicU64; 2],
}

/// What a call is about to do.
#[derive(Clone, Copy)]
enum Call {
    /// Write so many bytes from there; from where the file stands if nothing is said.
    Write(u64, Option<i64>),
    /// Make the file so long.
    Cut(i64),
    /// Bring it to the disk.
    Sync,
}

static CONTROL: OnceLock<Option<&'static Control>> = OnceLock::new();
static FILES: OnceLock<Vec<u8>> = OnceLock::new();

fn control() -> Option<&'static Control> {
    *CONTROL.get_or_init(|| {
        let path = CString::new(std::env::var_os("VEKHA_IO_FAULTS")?.into_vec()).ok()?;
        // SAFETY: the path ends with a nul; the kernel gives a descriptor or an error.
        let file = unsafe { libc::open(path.as_ptr(), libc::O_RDWR | libc::O_CLOEXEC) };
        if file < 0 {
            return None;
        }
        // SAFETY: a new mapping of a length that is not nothing, at an address that the kernel chooses.
        let mapped = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                size_of::<Control>(),
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED,
                file,
                0,
            )
        };
        if mapped == libc::MAP_FAILED {
            return None;
        }
        // SAFETY: the mapping is aligned to a page, as long as the structure, never taken away, and every field of it is an atomic, for
        // which any bytes will do. The test makes the file as long before the process begins.
        Some(unsafe { &*mapped.cast::<Control>() })
    })
}

/// Whether the descriptor is of a file that faults are for.
fn is_meant(file: c_int) -> bool {
    let wanted =
        FILES.get_or_init(|| std::env::var_os("VEKHA_IO_FAULTS_FILES").unwrap_or_default().into_vec());
    let Ok(link) = CString::new(format!("/proc/self/fd/{file}")) else { return false };
    let mut path = [0_u8; 4096];
    // SAFETY: the buffer is as long as is said, and the link's name ends with a nul.
    let length = unsafe { libc::readlink(link.as_ptr(), path.as_mut_ptr().cast(), path.len()) };
    let path = usize::try_from(length).ok().and_then(|length| path.get(..length)).unwrap_or_default();
    !wanted.is_empty() && path.windows(wanted.len()).any(|part| part == wanted)
}

/// By how many bytes the call makes the file longer.
fn growth(file: c_int, call: Call) -> i64 {
    // SAFETY: all bytes zero is such a structure, and the kernel fills in the one that it is given.
    let (known, status) = unsafe {
        let mut status: libc::stat = std::mem::zeroed();
        (libc::fstat(file, &raw mut status), status)
    };
    let end = match call {
        Call::Sync => return 0,
        Call::Cut(length) => length,
        Call::Write(bytes, from) => {
            // SAFETY: it changes nothing to ask where a file stands.
            let from = from.unwrap_or_else(|| unsafe { libc::lseek(file, 0, libc::SEEK_CUR) });
            from.saturating_add(i64::try_from(bytes).unwrap_or(i64::MAX))
        }
    };
    if known == 0 { end.saturating_sub(status.st_size).max(0) } else { 0 }
}

/// The error that the call is to fail with, if it is.
fn fault(file: c_int, call: Call) -> Option<c_int> {
    let control = control()?;
    let mode = control.mode.load(Ordering::SeqCst);
    if mode == 0 || !is_meant(file) {
        return None;
    }
    control.seen.fetch_add(1, Ordering::SeqCst);
    let fails = match mode {
        1 => control.left.fetch_sub(1, Ordering::SeqCst) == 0,
        2 => control.left.fetch_sub(1, Ordering::SeqCst) <= 0,
        3 => {
            let growth = growth(file, call);
            let fits = |left: i64| (growth <= left).then(|| left.saturating_sub(growth));
            growth > 0 && control.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fits).is_err()
        }
        _ => false,
    };
    if !fails {
        return None;
    }
    control.failed.fetch_add(1, Ordering::SeqCst);
    c_int::try_from(control.errno.load(Ordering::SeqCst)).ok()
}

fn fail(error: c_int) {
    // SAFETY: the address of this thread's own error number.
    unsafe { *libc::__errno_location() = error };
}

/// See `write(2)`.
///
/// # Safety
/// As the function of the C library whose place it takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(file: c_int, bytes: *const c_void, count: usize) -> isize {
    if let Some(error) = fault(file, Call::Write(count.try_into().unwrap_or(u64::MAX), None)) {
        fail(error);
        return -1;
    }
    // SAFETY: the caller vouches for the bytes.
    unsafe { libc::syscall(libc::SYS_write, file, bytes, count) as isize }
}

/// See `pwrite(2)`.
///
/// # Safety
/// As the function of the C library whose place it takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwrite64(file: c_int, bytes: *const c_void, count: usize, from: i64) -> isize {
    if let Some(error) = fault(file, Call::Write(count.try_into().unwrap_or(u64::MAX), Some(from))) {
        fail(error);
        return -1;
    }
    // SAFETY: the caller vouches for the bytes.
    unsafe { libc::syscall(libc::SYS_pwrite64, file, bytes, count, from) as isize }
}

/// See `pwrite(2)`.
///
/// # Safety
/// As the function of the C library whose place it takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwrite(file: c_int, bytes: *const c_void, count: usize, from: i64) -> isize {
    // SAFETY: the same function under its other name.
    unsafe { pwrite64(file, bytes, count, from) }
}

/// See `fsync(2)`.
///
/// # Safety
/// As the function of the C library whose place it takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fsync(file: c_int) -> c_int {
    // SAFETY: numbers alone are passed.
    passed(file, Call::Sync, || unsafe { libc::syscall(libc::SYS_fsync, file) })
}

/// See `fdatasync(2)`.
///
/// # Safety
/// As the function of the C library whose place it takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdatasync(file: c_int) -> c_int {
    // SAFETY: numbers alone are passed.
    passed(file, Call::Sync, || unsafe { libc::syscall(libc::SYS_fdatasync, file) })
}

/// See `ftruncate(2)`.
///
/// # Safety
/// As the function of the C library whose place it takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ftruncate64(file: c_int, length: i64) -> c_int {
    // SAFETY: numbers alone are passed.
    passed(file, Call::Cut(length), || unsafe { libc::syscall(libc::SYS_ftruncate, file, length) })
}

/// See `ftruncate(2)`.
///
/// # Safety
/// As the function of the C library whose place it takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ftruncate(file: c_int, length: i64) -> c_int {
    // SAFETY: the same function under its other name.
    unsafe { ftruncate64(file, length) }
}

fn passed(file: c_int, call: Call, kernel: impl FnOnce() -> c_long) -> c_int {
    if let Some(error) = fault(file, call) {
        fail(error);
        return -1;
    }
    c_int::try_from(kernel()).unwrap_or(-1)
}

/// See `clock_gettime(2)`: the clock on the wall is as wrong as is said, the one that only goes on is right.
///
/// # Safety
/// As the function of the C library whose place it takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_gettime(clock: libc::clockid_t, time: *mut libc::timespec) -> c_int {
    // SAFETY: the caller vouches for where the time is put.
    let result = unsafe { libc::syscall(libc::SYS_clock_gettime, clock, time) };
    let ahead = control().map_or(0, |control| control.ahead.load(Ordering::SeqCst));
    if result == 0 && clock == libc::CLOCK_REALTIME && ahead != 0 {
        // SAFETY: the kernel has just filled it in.
        let time = unsafe { &mut *time };
        let nanoseconds = time.tv_nsec + (ahead % 1_000) * 1_000_000;
        time.tv_sec += ahead / 1_000 + nanoseconds.div_euclid(1_000_000_000);
        time.tv_nsec = nanoseconds.rem_euclid(1_000_000_000);
    }
    c_int::try_from(result).unwrap_or(-1)
}
