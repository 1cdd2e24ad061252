package tokenstore

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// While a refresh token is being spent, the file PATH.reserve holds the space in
// which the file can be written once more if the disk is full. It is overwritten
// in place and then swaps roles with the file, so that the next result has space
// too. Its content is meaningless.

// reservePath returns the path of the reserve.
func (f *File) reservePath() string { return f.path + ".reserve" }

// intents returns the attempts that are under way.
func intents(grants []Grant) (ids []string) {
	for _, grant := range grants {
		if !grant.Intent.IsZero() {
			ids = append(ids, grant.Intent.ID)
		}
	}
	return ids
}

// makeReserve ensures that the reserve has at least a size. If that fails, the
// previous one stays: others may rely on it.
func (f *File) makeReserve(size int) (err error) {
	if f.isReserve(size) {
		return nil
	}
	if !f.isReserve(0) {
		if err := f.dropReserve(); err != nil {
			return err
		}
	}
	if err := f.growReserve(size); err != nil {
		return fmt.Errorf("keep room for the result: %w", classify(err))
	}
	return nil
}

func (f *File) growReserve(size int) (err error) {
	file, err := f.files.OpenFile(f.reservePath(), os.O_WRONLY|os.O_CREATE|os.O_APPEND)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	// Random, so that no file system compresses it.
	room := make([]byte, int64(size)-info.Size())
	rand.Read(room)
	if _, err = file.Write(room); err == nil {
		err = file.Sync()
	}
	if err != nil {
		return errors.Join(err, file.Truncate(info.Size()))
	}
	return nil
}

// isReserve reports whether there is a reserve of at least a size that is not just
// another name of the file.
func (f *File) isReserve(size int) bool {
	reserve, err := os.Lstat(f.reservePath())
	if err != nil || !reserve.Mode().IsRegular() || reserve.Size() < int64(size) {
		return false
	}
	file, err := os.Stat(f.path)
	return err != nil || !os.SameFile(reserve, file)
}

func (f *File) dropReserve() error {
	if err := f.files.Remove(f.reservePath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return classify(err)
	}
	return nil
}

// writeInReserve writes the new file into the space that is reserved for it. The
// old file becomes the reserve if more results are to come.
func (f *File) writeInReserve(data []byte, more bool) (err error) {
	// A process that is killed from here on leaves something that does not open,
	// or opens as the successor of another file, and is dropped.
	if err := f.files.Rename(f.reservePath(), f.temporary()); err != nil {
		return err
	}
	if err := f.overwrite(data); err != nil {
		return err
	}
	if more {
		// The link may fail, on a file system without links: this result matters more
		// than space for the next one.
		_ = f.files.Link(f.path, f.reservePath())
	}
	return nil
}

// overwrite writes the content of the temporary file in place.
func (f *File) overwrite(data []byte) (err error) {
	file, err := f.files.OpenFile(f.temporary(), os.O_WRONLY)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.Write(data); err != nil {
		return err
	}
	if err := file.Truncate(int64(len(data))); err != nil {
		return err
	}
	return file.Sync()
}

// isResult reports whether a save ends an attempt.
func isResult(before, after []string) bool {
	return slices.ContainsFunc(before, func(id string) bool { return !slices.Contains(after, id) })
}
