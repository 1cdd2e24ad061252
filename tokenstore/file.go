package tokenstore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"

	"github.com/ttshop-go/ttshop/internal/filelock"
	"github.com/ttshop-go/ttshop/internal/realpath"
)

// File is a [Store] in one encrypted file, for the processes of one machine. Each
// save rewrites the file, so it suits a few hundred grants; for more, use SQLite.
//
// The new content is written beside the file, synced, and renamed over it, so the
// file is always either the whole old or the whole new one. If a process is killed
// in between, the next one finishes a complete write and drops an incomplete one.
// The files PATH.tmp and PATH.lock are beside the file, and PATH.….lock while a
// grant is locked. Only their owner may use any of them, and a file that others
// may read or write is refused.
type File struct {
	path  string
	keys  *Keys
	files fileSystem
	seen  atomic.Bool // the file was there
}

// The first line of the file, and what it starts with in every version.
const (
	fileMagic   = "ttshop token store "
	fileVersion = "1\n"
)

// sealedFile is what the file's seal is bound to.
const sealedFile = "ttshop token store file"

// fileContent is the sealed content of the file.
type fileContent struct {
	Grants []json.RawMessage `json:"grants"`
	// After is the hash of the file that this one follows: it tells an
	// interrupted save from a stray file. Older versions wrote none.
	After []byte `json:"after,omitempty"`
}

// OpenFile opens the store in a file. The folder must exist; the file is created
// by the first save. If the whole file cannot be read with these keys, OpenFile
// returns an error and leaves it as it is.
func OpenFile(ctx context.Context, path string, keys *Keys) (*File, error) {
	f := &File{path: path, keys: keys, files: systemFiles{}}
	if err := f.open(ctx); err != nil {
		return nil, fmt.Errorf("tokenstore: open file %s: %w", path, err)
	}
	return f, nil
}

func (f *File) open(ctx context.Context) error {
	if f.keys == nil {
		return errors.New("there are no keys; a file is always encrypted, so pass some")
	}
	// A link must keep pointing to the file, and all must lock beside it.
	path, err := realpath.Of(f.path)
	if err != nil {
		return classify(err)
	}
	f.path = path
	folder, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return classify(err)
	}
	if !folder.IsDir() {
		return fmt.Errorf("%s is not a folder", filepath.Dir(path))
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err = f.current(ctx)
	return err
}

// content is what a read of the file found.
type content struct {
	grants []Grant
	first  bool   // sealed by the first key, or there is no file
	locked bool   // the file's mode forbids writing
	size   int    // of the file
	hash   []byte // of the file; nil if there is none
	after  []byte // hash of the file that it followed; nil if unknown
}

// read returns the content of the file; a missing file is empty.
func (f *File) read() (content, error) {
	file, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) && !f.seen.Load() {
		return content{first: true}, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		// No grant was removed: a volume is unmounted, or the file was moved.
		return content{}, fmt.Errorf("the file has disappeared: %w", err)
	}
	if err != nil {
		return content{}, classify(err)
	}
	defer file.Close()
	f.seen.Store(true)
	info, err := file.Stat()
	if err != nil {
		return content{}, classify(err)
	}
	mode := info.Mode()
	if !mode.IsRegular() {
		return content{}, fmt.Errorf("%w: it is not a regular file", ErrCorrupt)
	}
	if mode.Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return content{}, fmt.Errorf("%w: others may open it (mode %04o); run chmod 600 on it", ErrPermission, mode.Perm())
	}
	var data bytes.Buffer
	if _, err := data.ReadFrom(file); err != nil {
		return content{}, classify(err)
	}
	c, err := f.decode(data.Bytes())
	c.locked = mode.Perm()&0o200 == 0
	c.size, c.hash = data.Len(), hashOf(data.Bytes())
	if errors.Is(err, ErrCorrupt) {
		// The file that was opened may have been overwritten in the meantime.
		if now, statErr := os.Stat(f.path); statErr == nil && (!os.SameFile(info, now) || !now.ModTime().Equal(info.ModTime())) {
			return f.read()
		}
	}
	return c, err
}

func hashOf(data []byte) []byte {
	sum := sha256.Sum256(data)
	return sum[:]
}

func (f *File) decode(data []byte) (content, error) {
	rest, ok := bytes.CutPrefix(data, []byte(fileMagic))
	if !ok {
		return content{}, fmt.Errorf("%w: it does not begin as a token store does", ErrCorrupt)
	}
	version, sealed, ok := bytes.Cut(rest, []byte("\n"))
	switch {
	case !ok || len(version) == 0 || len(bytes.Trim(version, "0123456789")) > 0:
		return content{}, fmt.Errorf("%w: its first line is cut or changed", ErrCorrupt)
	case string(version)+"\n" != fileVersion:
		return content{}, fmt.Errorf("%w (file %s)", ErrNewerVersion, version)
	}
	plain, err := f.keys.Open(sealed, sealedFile)
	if err != nil {
		return content{}, err
	}
	var stored fileContent
	if json.Unmarshal(plain, &stored) != nil {
		return content{}, fmt.Errorf("%w: its content is not a list of grants", ErrCorrupt)
	}
	c := content{first: f.keys.SealedByFirst(sealed), after: stored.After}
	for _, data := range stored.Grants {
		grant, err := ParseGrant(data)
		if err != nil {
			return content{}, err
		}
		c.grants = append(c.grants, grant)
	}
	return c, nil
}

// update changes the content under the file's lock. A change that returns an
// error changes nothing.
func (f *File) update(ctx context.Context, change func(c *content) error) error {
	unlock, err := filelock.Lock(ctx, f.path+".lock", false)
	if err != nil {
		return classify(err)
	}
	defer unlock()
	if err := f.finish(); err != nil {
		return fmt.Errorf("finish an interrupted save: %w", err)
	}
	c, err := f.read()
	if err != nil {
		return err
	}
	before := intents(c.grants)
	if err := change(&c); err != nil {
		return err
	}
	if c.locked {
		return fmt.Errorf("%w: its mode forbids writing", ErrReadOnly)
	}
	return f.write(c, before)
}

// write replaces the content of the file. before holds the attempts that were
// under way until now.
func (f *File) write(c content, before []string) error {
	grants := c.grants
	sortGrants(grants)
	stored := fileContent{Grants: []json.RawMessage{}, After: c.hash}
	for _, grant := range grants {
		data, err := grant.RevealJSON()
		if err != nil {
			return err
		}
		stored.Grants = append(stored.Grants, data)
	}
	plain, err := json.Marshal(stored)
	if err != nil {
		return fmt.Errorf("encode grants: %w", err)
	}
	sealed, err := f.keys.Seal(plain, sealedFile)
	if err != nil {
		return err
	}
	data := append([]byte(fileMagic+fileVersion), sealed...)
	after := intents(grants)
	more, result := len(after) > 0, isResult(before, after)
	if more {
		// Before the file, so that a stored attempt has room for its result. A
		// result is stored in any case.
		if err := f.makeReserve(len(data)); err != nil && !result {
			return err
		}
	}
	err = f.writeNew(f.temporary(), data)
	if errors.Is(classify(err), ErrFull) && f.isReserve(len(data)) && (result || len(data) <= c.size) {
		if err = f.files.Remove(f.temporary()); err == nil || errors.Is(err, fs.ErrNotExist) {
			err = f.writeInReserve(data, more)
		}
	}
	if err == nil {
		err = f.files.Rename(f.temporary(), f.path)
	}
	if err != nil {
		_ = f.files.Remove(f.temporary())
		if len(before) == 0 {
			_ = f.dropReserve() // for an attempt that was not stored
		}
		return classify(err)
	}
	f.seen.Store(true)
	if err := f.syncFolder(); err != nil {
		return err
	}
	if !more {
		_ = f.dropReserve() // a leftover takes room and does no other harm
	}
	return nil
}

// temporary returns the path to which new content is written.
func (f *File) temporary() string { return f.path + ".tmp" }

// current returns the content of the file after finishing an interrupted save. If
// that is impossible, because nothing can be written, the content is that from
// before the save.
func (f *File) current(ctx context.Context) (content, error) {
	if _, err := os.Lstat(f.temporary()); err == nil {
		err := f.update(ctx, func(*content) error { return errNothingToDo })
		if err != nil && !errors.Is(err, errNothingToDo) && !errors.Is(err, ErrReadOnly) && !errors.Is(err, ErrPermission) {
			return content{}, err
		}
	}
	return f.read()
}

// finish completes a save whose process ended, under the file's lock. A temporary
// file that opens was written completely, as the successor of what the file holds,
// since every writer calls finish first.
func (f *File) finish() error {
	file, err := os.Open(f.temporary())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return classify(err)
	}
	defer file.Close()
	var data bytes.Buffer
	if _, err := data.ReadFrom(file); err != nil {
		return classify(err)
	}
	next, err := f.decode(data.Bytes())
	if err == nil && next.after != nil {
		// If the file is damaged or gone, this is the best there is.
		now, readErr := f.read()
		if readErr == nil && now.hash != nil && !bytes.Equal(next.after, now.hash) {
			err = fmt.Errorf("%w: it follows another file", ErrCorrupt)
		}
	}
	switch {
	case errors.Is(err, ErrCorrupt):
		if err := f.files.Remove(f.temporary()); err != nil {
			return classify(err)
		}
		return nil
	case err != nil:
		return err
	}
	if err := errors.Join(file.Sync(), f.files.Rename(f.temporary(), f.path)); err != nil {
		return classify(err)
	}
	return f.syncFolder()
}

func (f *File) writeNew(path string, data []byte) (err error) {
	file, err := f.files.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.Write(data); err != nil {
		return err
	}
	return file.Sync()
}

// syncFolder makes a rename durable.
func (f *File) syncFolder() error {
	if err := f.files.SyncFolder(filepath.Dir(f.path)); err != nil {
		return fmt.Errorf("sync folder: %w", classify(err))
	}
	return nil
}

// classify adds the class of an operating system's error.
func classify(err error) error {
	var class error
	switch {
	case errors.Is(err, syscall.EROFS):
		class = ErrReadOnly
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		class = ErrFull
	case errors.Is(err, fs.ErrPermission):
		class = ErrPermission
	default:
		return err
	}
	return fmt.Errorf("%w: %w", class, err)
}

// Load implements [Store].
func (f *File) Load(ctx context.Context, key Key) (Grant, error) {
	if err := ctx.Err(); err != nil {
		return Grant{}, failed("load", key, err)
	}
	c, err := f.current(ctx)
	if err != nil {
		return Grant{}, failed("load", key, err)
	}
	if i := position(c.grants, key); i >= 0 {
		return c.grants[i], nil
	}
	return Grant{}, failed("load", key, ErrNotFound)
}

// Save implements [Store].
func (f *File) Save(ctx context.Context, grant Grant) (int64, error) {
	if err := errors.Join(ctx.Err(), grant.Key.Validate()); err != nil {
		return 0, failed("save", grant.Key, err)
	}
	version := NextVersion(grant.Version)
	err := f.update(ctx, func(c *content) error {
		i := position(c.grants, grant.Key)
		switch {
		case i < 0 && grant.Version != 0, i >= 0 && c.grants[i].Version != grant.Version:
			return ErrConflict
		case i < 0:
			i = len(c.grants)
			c.grants = append(c.grants, Grant{})
		}
		c.grants[i] = grant
		c.grants[i].Version = version
		return nil
	})
	if err != nil {
		return 0, failed("save", grant.Key, err)
	}
	return version, nil
}

// errNothingToDo ends a change that changes nothing.
var errNothingToDo = errors.New("nothing to do")

// Delete implements [Store].
func (f *File) Delete(ctx context.Context, key Key) error {
	if err := ctx.Err(); err != nil {
		return failed("delete", key, err)
	}
	err := f.update(ctx, func(c *content) error {
		i := position(c.grants, key)
		if i < 0 {
			return errNothingToDo
		}
		c.grants = slices.Delete(c.grants, i, i+1)
		return nil
	})
	if err != nil && !errors.Is(err, errNothingToDo) {
		return failed("delete", key, err)
	}
	return nil
}

// List implements [Store].
func (f *File) List(ctx context.Context, appKey string) ([]Grant, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("tokenstore: list grants: %w", err)
	}
	c, err := f.current(ctx)
	if err != nil {
		return nil, fmt.Errorf("tokenstore: list grants: %w", err)
	}
	return slices.DeleteFunc(c.grants, func(g Grant) bool { return appKey != "" && g.AppKey != appKey }), nil
}

// Lock implements [Store].
func (f *File) Lock(ctx context.Context, key Key) (context.Context, func(), error) {
	if err := errors.Join(ctx.Err(), key.Validate()); err != nil {
		return nil, nil, failed("lock", key, err)
	}
	unlock, err := filelock.Lock(ctx, filelock.Path(f.path, key.AppKey, key.OpenID), true)
	if err != nil {
		return nil, nil, failed("lock", key, classify(err))
	}
	held, cancel := context.WithCancel(ctx)
	return held, func() { cancel(); unlock() }, nil
}

// LocksAreFirm implements [FirmLocker].
func (f *File) LocksAreFirm() bool { return true }

// Rotate implements [Rotator].
func (f *File) Rotate(ctx context.Context) (int, error) {
	sealed := 0
	err := f.update(ctx, func(c *content) error {
		if c.first {
			return errNothingToDo
		}
		sealed = len(c.grants)
		return nil
	})
	if err != nil && !errors.Is(err, errNothingToDo) {
		return 0, fmt.Errorf("tokenstore: rotate the key of %s: %w", f.path, err)
	}
	return sealed, nil
}

// Close implements [Store].
func (f *File) Close() error { return nil }

// String names the file.
func (f *File) String() string { return "tokenstore.File(" + f.path + ")" }

// GoString is String.
func (f *File) GoString() string { return f.String() }

func position(grants []Grant, key Key) int {
	return slices.IndexFunc(grants, func(g Grant) bool { return g.Key == key })
}
