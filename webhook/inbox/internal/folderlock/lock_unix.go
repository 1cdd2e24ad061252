//go:build unix

package folderlock

import (
	"errors"
	"os"
	"syscall"
)

// Take takes the lock of a folder; closing the file, or the end of the
// process, gives it back.
func Take(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		closeErr := f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = ErrHeld
		}
		return nil, errors.Join(err, closeErr)
	}
	return f, nil
}
