// Package filelock locks by files, across goroutines and processes. The system
// frees a lock when its process ends, however it ends.
package filelock

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"time"
)

// The wait between two attempts to take a lock that somebody else holds.
const (
	firstWait = time.Millisecond
	maxWait   = 25 * time.Millisecond
)

// Path returns the path of the file that locks one grant of a store at path.
func Path(path, appKey, openID string) string {
	sum := sha256.Sum256([]byte(appKey + "\x00" + openID))
	return fmt.Sprintf("%s.%x.lock", path, sum[:8])
}

// Lock waits until it has the lock that a file represents, and returns a function
// that releases it. A missing file is created for its owner only. With remove, the
// file is removed on release, so that thousands of locks leave no files behind.
func Lock(ctx context.Context, path string, remove bool) (unlock func(), err error) {
	for wait := firstWait; ; wait = min(2*wait, maxWait) {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("wait for lock %s: %w", path, context.Cause(ctx))
		}
		file, err := try(path)
		if err != nil {
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		if file != nil {
			return sync.OnceFunc(func() {
				if remove {
					// While the lock is held: a process that has opened the file finds
					// it gone and makes a new one. A leftover file does no harm.
					_ = os.Remove(path)
				}
				_ = file.Close() // frees the lock
			}), nil
		}
		timer := time.NewTimer(wait/2 + rand.N(wait))
		select {
		case <-ctx.Done():
			timer.Stop()
		case <-timer.C:
		}
	}
}

// try returns the locked file, or nil if somebody else holds the lock.
func try(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := flock(file); err != nil {
		_ = file.Close()
		if errors.Is(err, errHeld) {
			return nil, nil
		}
		return nil, err
	}
	// The previous holder may have removed the file between opening and locking;
	// the lock is then on a file that nobody else will find.
	mine, err := file.Stat()
	if err == nil {
		var there os.FileInfo
		if there, err = os.Stat(path); err == nil && os.SameFile(mine, there) {
			return file, nil
		}
	}
	_ = file.Close()
	if err == nil || errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return nil, err
}

// errHeld means that somebody else holds the lock.
var errHeld = errors.New("the lock is held")
