//go:build linux

package disk_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/ttshop-go/ttshop/internal/faultkit/disk"
)

func TestDisk(t *testing.T) {
	t.Parallel()
	d := disk.New(t, 1<<20)
	file := filepath.Join(d.Dir(), "file")
	write := func(n int) error { return os.WriteFile(file, make([]byte, n), 0o600) }

	if err := write(1000); err != nil {
		t.Fatalf("on an empty disk: %v", err)
	}
	d.Fill()
	if err := os.WriteFile(file+"2", []byte("x"), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("on a full disk: %v, want %v", err, syscall.ENOSPC)
	}
	d.Free()
	if err := write(1000); err != nil {
		t.Errorf("on a freed disk: %v", err)
	}
	d.Leave(64 << 10)
	if err := write(32 << 10); err != nil {
		t.Errorf("32 KiB where 64 are left: %v", err)
	}
	if err := write(256 << 10); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("256 KiB where 64 are left: %v, want %v", err, syscall.ENOSPC)
	}
	d.Free()
	d.ReadOnly(true)
	if err := write(10); !errors.Is(err, syscall.EROFS) {
		t.Errorf("on a read-only disk: %v, want %v", err, syscall.EROFS)
	}
	d.ReadOnly(false)
	if err := write(10); err != nil {
		t.Errorf("on a disk that takes writes again: %v", err)
	}
}
