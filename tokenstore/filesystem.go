package tokenstore

import (
	"os"
	"path/filepath"
	"runtime"
)

// fileSystem is what a [File] does to its files; tests replace it with a full disk
// or one that loses power.
type fileSystem interface {
	OpenFile(path string, flag int) (newFile, error) // for its owner only
	Rename(from, to string) error
	Link(from, to string) error
	Remove(path string) error
	SyncFolder(path string) error // makes names durable
}

// newFile is a file open for writing.
type newFile interface {
	Write(data []byte) (int, error)
	Truncate(size int64) error
	Stat() (os.FileInfo, error)
	Sync() error
	Close() error
}

// systemFiles are those of the operating system.
type systemFiles struct{}

func (systemFiles) OpenFile(path string, flag int) (newFile, error) {
	file, err := os.OpenFile(path, flag, 0o600)
	if err != nil {
		return nil, err // not a nil *os.File within the interface
	}
	return file, nil
}

func (systemFiles) Rename(from, to string) error { return os.Rename(from, to) }

func (systemFiles) Link(from, to string) error { return os.Link(from, to) }

func (systemFiles) Remove(path string) error { return os.Remove(path) }

func (systemFiles) SyncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	folder, err := os.Open(filepath.Clean(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
