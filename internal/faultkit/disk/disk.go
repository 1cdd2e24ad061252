// Package disk gives a test a small file system of its own that can be filled,
// freed and made read-only.
package disk

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Disk is a mounted file system of a fixed size. Its methods are safe for
// concurrent use and fail the test on an error.
type Disk struct {
	t      testing.TB
	dir    string
	filler string

	mu sync.Mutex
}

// New mounts a file system that holds size bytes and unmounts it when the test
// ends. It needs Linux and the right to mount: without them the test is skipped,
// or fails if CI is set, since there the promise has to be checked.
func New(t testing.TB, size int64) *Disk {
	t.Helper()
	dir := t.TempDir()
	if err := mount(dir, size); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("mount a file system of %d bytes: %v", size, err)
		}
		t.Skipf("a full disk needs the right to mount one (run as root on Linux): %v", err)
	}
	d := &Disk{t: t, dir: dir, filler: filepath.Join(dir, ".filler")}
	t.Cleanup(func() {
		if err := unmount(dir); err != nil {
			t.Errorf("unmount %s: %v", dir, err)
		}
	})
	return d
}

// Dir is the root of the file system.
func (d *Disk) Dir() string { return d.dir }

// Fill takes all the space that is left.
func (d *Disk) Fill() {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.fill(); err != nil {
		d.t.Fatalf("fill %s: %v", d.dir, err)
	}
}

// fill halves what it writes each time that it does not fit, until the last byte
// is used.
func (d *Disk) fill() (err error) {
	f, err := os.OpenFile(d.filler, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil && !full(err) {
		return err
	}
	if err != nil {
		return nil // not even a name fits
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	chunk := make([]byte, 1<<20)
	for len(chunk) > 0 {
		switch _, err := f.Write(chunk); {
		case err == nil:
		case full(err):
			chunk = chunk[:len(chunk)/2]
		default:
			return err
		}
	}
	return nil
}

// Free gives back what Fill took. On a disk that was never filled it does
// nothing.
func (d *Disk) Free() {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := os.Remove(d.filler); err != nil && !errors.Is(err, os.ErrNotExist) {
		d.t.Fatalf("free %s: %v", d.dir, err)
	}
}

// Leave fills the disk except for n bytes, rounded down to pages of the file system.
func (d *Disk) Leave(n int64) {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	err := d.fill()
	if err == nil {
		err = shorten(d.filler, n)
	}
	if err != nil {
		d.t.Fatalf("fill %s except for %d bytes: %v", d.dir, n, err)
	}
}

func shorten(path string, n int64) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if size < n {
		return fmt.Errorf("only %d bytes can be left", size)
	}
	return f.Truncate(size - n)
}

// ReadOnly makes the file system refuse every write, or accept them again. Files
// that are open for writing keep it from becoming read-only, as on any system.
func (d *Disk) ReadOnly(on bool) {
	d.t.Helper()
	if err := remount(d.dir, on); err != nil {
		d.t.Fatalf("turn %s read-only %v: %v", d.dir, on, err)
	}
}
