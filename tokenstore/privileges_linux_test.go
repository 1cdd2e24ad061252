package tokenstore_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// dropPrivileges makes the test's thread that of an ordinary user who owns the
// files at path: root may write everything.
func dropPrivileges(t *testing.T, path string) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	const nobody = 65534
	err := filepath.WalkDir(filepath.Dir(path), func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(name, nobody, nobody)
	})
	if err != nil {
		t.Fatal(err)
	}
	// The folders above belong to root.
	for folder := filepath.Dir(filepath.Dir(path)); len(folder) > len(os.TempDir()); folder = filepath.Dir(folder) {
		if err := os.Chmod(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	runtime.LockOSThread() // and never back: the thread ends with the test
	t.Cleanup(func() {
		if err := syscall.Setfsuid(0); err != nil {
			t.Error(err)
		}
	})
	if err := syscall.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
}
