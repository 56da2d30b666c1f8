package sandbox

import "golang.org/x/sys/unix"

const arch = unix.AUDIT_ARCH_AARCH64

// refusedHere are the calls that not all processors have.
var refusedHere = []uint32{unix.SYS_KEXEC_FILE_LOAD, unix.SYS_MEMFD_SECRET, unix.SYS_SEMOP, unix.SYS_SEMTIMEDOP}

var changesHere []uint32
