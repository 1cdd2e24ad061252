package disk

import (
	"errors"
	"fmt"
	"syscall"
)

func mount(dir string, size int64) error {
	return syscall.Mount("ttshop-test", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=0700", size))
}

// unmount detaches the file system even from a process that still has a file
// open on it, such as one that the test has just killed.
func unmount(dir string) error { return syscall.Unmount(dir, syscall.MNT_DETACH) }

func remount(dir string, readOnly bool) error {
	flags := uintptr(syscall.MS_REMOUNT)
	if readOnly {
		flags |= syscall.MS_RDONLY
	}
	return syscall.Mount("ttshop-test", dir, "tmpfs", flags, "")
}

func full(err error) bool { return errors.Is(err, syscall.ENOSPC) }
