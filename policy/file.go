package policy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/ttshop-go/ttshop/internal/filelock"
	"github.com/ttshop-go/ttshop/internal/realpath"
)

// File is a [Store] in the file of this path, for the processes of one machine. A
// person may edit the file, too.
type File string

// maxDocument is the size in bytes up to which a document is read.
const maxDocument = 64 << 20

// Read implements [Store]. The version is the hash of the content.
func (f File) Read(_ context.Context, known string) ([]byte, string, error) {
	file, err := os.Open(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, "", err
	case info.Mode().Perm()&0o022 != 0 && runtime.GOOS != "windows":
		return nil, "", fmt.Errorf("others may write to %s (mode %04o) and so make keys; run chmod go-w on it", f, info.Mode().Perm())
	}
	data, err := io.ReadAll(io.LimitReader(file, maxDocument+1))
	switch {
	case err != nil:
		return nil, "", err
	case len(data) > maxDocument:
		return nil, "", fmt.Errorf("%s is larger than %d bytes", f, maxDocument)
	}
	sum := sha256.Sum256(data)
	version := hex.EncodeToString(sum[:])
	if version == known {
		return nil, version, nil
	}
	return data, version, nil
}

// Write implements [Store]. A reader finds the former file or the new one, also
// after a crash.
func (f File) Write(ctx context.Context, version string, data []byte) (bool, error) {
	path, err := realpath.Of(string(f))
	if err != nil {
		return false, err
	}
	unlock, err := filelock.Lock(ctx, path+".lock", true)
	if err != nil {
		return false, err
	}
	defer unlock()
	_, stored, err := File(path).Read(ctx, version)
	if err != nil || stored != version {
		return false, err
	}
	return true, replaceFile(path, data)
}

// replaceFile puts a file that only its owner can read in the place of another.
func replaceFile(path string, data []byte) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a rename last.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
