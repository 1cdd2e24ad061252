// Package powerloss shows what a machine may find on its disk after it lost power:
// it keeps a journal of what a program does to the files of one folder, and makes
// every folder that may be left by a file system that guarantees only what was
// synced, in no particular order.
package powerloss

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// Recorder changes the files of one folder and keeps a journal of the changes. It
// is safe for concurrent use.
type Recorder struct {
	dir string

	mu      sync.Mutex
	journal []step
	inodes  int
	names   map[string]int // inodes by name
}

// step is one entry of the journal.
type step struct {
	kind     kind
	inode    int
	from, to string // names
	data     []byte // content of the inode after the step
}

type kind int

const (
	write  kind = iota // the inode's content changed
	sync1              // the inode was synced
	create             // a name for a new inode
	rename
	link
	remove
	syncFolder
)

// NewRecorder returns a recorder of a folder, which must be empty.
func NewRecorder(dir string) *Recorder { return &Recorder{dir: dir, names: map[string]int{}} }

func (r *Recorder) note(s step) { r.journal = append(r.journal, s) }

// Len returns how many steps were taken. The power may fail after any of them.
func (r *Recorder) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.journal)
}

// File is a file open for writing.
type File struct {
	*os.File
	recorder *Recorder
	inode    int
}

// OpenFile opens a file as [os.OpenFile] does.
func (r *Recorder) OpenFile(path string, flag int, mode os.FileMode) (*File, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	file, err := os.OpenFile(path, flag, mode)
	if err != nil {
		return nil, err
	}
	name := filepath.Base(path)
	inode, ok := r.names[name]
	if !ok {
		r.inodes++
		inode = r.inodes
		r.names[name] = inode
		r.note(step{kind: create, inode: inode, to: name})
	}
	return &File{file, r, inode}, nil
}

// changed notes the file's content after a change.
func (f *File) changed() error {
	content, err := os.ReadFile(f.Name())
	if err != nil {
		return err
	}
	f.recorder.note(step{kind: write, inode: f.inode, data: content})
	return nil
}

// Write writes data.
func (f *File) Write(data []byte) (int, error) {
	f.recorder.mu.Lock()
	defer f.recorder.mu.Unlock()
	n, err := f.File.Write(data)
	if err == nil {
		err = f.changed()
	}
	return n, err
}

// Truncate cuts the file.
func (f *File) Truncate(size int64) error {
	f.recorder.mu.Lock()
	defer f.recorder.mu.Unlock()
	if err := f.File.Truncate(size); err != nil {
		return err
	}
	return f.changed()
}

// Sync makes the content durable.
func (f *File) Sync() error {
	f.recorder.mu.Lock()
	defer f.recorder.mu.Unlock()
	f.recorder.note(step{kind: sync1, inode: f.inode})
	return f.File.Sync()
}

// Rename renames a file.
func (r *Recorder) Rename(from, to string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := os.Rename(from, to); err != nil {
		return err
	}
	s := step{kind: rename, from: filepath.Base(from), to: filepath.Base(to)}
	r.names[s.to] = r.names[s.from]
	delete(r.names, s.from)
	r.note(s)
	return nil
}

// Link gives a file another name.
func (r *Recorder) Link(from, to string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := os.Link(from, to); err != nil {
		return err
	}
	s := step{kind: link, from: filepath.Base(from), to: filepath.Base(to)}
	r.names[s.to] = r.names[s.from]
	r.note(s)
	return nil
}

// Remove removes a name.
func (r *Recorder) Remove(path string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := os.Remove(path); err != nil {
		return err
	}
	delete(r.names, filepath.Base(path))
	r.note(step{kind: remove, from: filepath.Base(path)})
	return nil
}

// SyncFolder makes the names durable.
func (r *Recorder) SyncFolder() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.note(step{kind: syncFolder})
	return nil
}

// content is what an inode may hold after a power loss.
type content struct {
	synced, last []byte
	dirty        bool
}

// After calls look with a folder for every state in which the disk may be if the
// power fails after the first n steps: with each choice of the names that were not
// synced, and with unsynced content present, missing, or zeroed.
func (r *Recorder) After(n int, look func(dir string) error) error {
	r.mu.Lock()
	journal := slices.Clone(r.journal[:n])
	r.mu.Unlock()
	contents := map[int]*content{}
	var pending []step // on names, since they were synced
	names := map[string]int{}
	for _, s := range journal {
		switch s.kind {
		case write:
			contents[s.inode].last, contents[s.inode].dirty = s.data, true
		case sync1:
			c := contents[s.inode]
			c.synced, c.dirty = c.last, false
		case create:
			contents[s.inode] = &content{}
			pending = append(pending, s)
		case syncFolder:
			for _, p := range pending {
				p.apply(names)
			}
			pending = nil
		default:
			pending = append(pending, s)
		}
	}
	for choice := range 1 << len(pending) {
		found := map[string]int{}
		for name, inode := range names {
			found[name] = inode
		}
		for i, p := range pending {
			if choice&(1<<i) != 0 {
				p.apply(found)
			}
		}
		for _, unsynced := range []func(c *content) []byte{
			func(c *content) []byte { return c.synced },
			func(c *content) []byte { return c.last },
			func(c *content) []byte { return make([]byte, len(c.last)) },
		} {
			if err := lay(found, contents, unsynced, look); err != nil {
				return fmt.Errorf("power lost after step %d of %d, names kept %b: %w", n, len(journal), choice, err)
			}
		}
	}
	return nil
}

// apply applies a step to names. A step whose file is missing does nothing.
func (s step) apply(names map[string]int) {
	switch s.kind {
	case create:
		names[s.to] = s.inode
	case remove:
		delete(names, s.from)
	case rename, link:
		inode, ok := names[s.from]
		if !ok {
			return
		}
		names[s.to] = inode
		if s.kind == rename {
			delete(names, s.from)
		}
	}
}

// lay makes a folder and passes it to look.
func lay(names map[string]int, contents map[int]*content, unsynced func(*content) []byte, look func(dir string) error) (err error) {
	dir, err := os.MkdirTemp("", "ttshop-power-")
	if err != nil {
		return err
	}
	defer func() {
		if removeErr := os.RemoveAll(dir); err == nil {
			err = removeErr
		}
	}()
	first := map[int]string{}
	for name, inode := range names {
		path := filepath.Join(dir, name)
		if other, ok := first[inode]; ok {
			if err := os.Link(other, path); err != nil {
				return err
			}
			continue
		}
		first[inode] = path
		data := contents[inode].synced
		if contents[inode].dirty {
			data = unsynced(contents[inode])
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return err
		}
	}
	return look(dir)
}
