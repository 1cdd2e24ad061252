//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd

package filelock

import (
	"errors"
	"fmt"
	"os"
	"runtime"
)

// flock fails: a lock that does not exclude anyone would lose grants.
func flock(*os.File) error {
	return fmt.Errorf("on %s processes cannot share a store in a file; use PostgreSQL: %w", runtime.GOOS, errors.ErrUnsupported)
}
