package tokenstore

import (
	"os"
	"syscall"

	"github.com/ttshop-go/ttshop/internal/faultkit/powerloss"
)

// SetIterations makes passphrases cheap for tests.
func (k *Keys) SetIterations(n int) { k.iterations = n }

// BreakWrites makes every write of the store's file fail after n bytes; n < 0
// lets writes succeed again.
func (f *File) BreakWrites(n int, err error) {
	f.files = systemFiles{}
	if n >= 0 {
		f.files = brokenFiles{systemFiles{}, n, err}
	}
}

type brokenFiles struct {
	systemFiles
	room int
	err  error
}

func (b brokenFiles) OpenFile(path string, flag int) (newFile, error) {
	file, err := b.systemFiles.OpenFile(path, flag)
	if err != nil {
		return nil, err
	}
	return &brokenFile{file, b.room, b.err}, nil
}

// Record routes all changes to the store's files through a recorder.
func (f *File) Record(r *powerloss.Recorder) { f.files = recordedFiles{r} }

type recordedFiles struct{ *powerloss.Recorder }

func (r recordedFiles) OpenFile(path string, flag int) (newFile, error) {
	return r.Recorder.OpenFile(path, flag, 0o600)
}

func (r recordedFiles) SyncFolder(string) error { return r.Recorder.SyncFolder() }

// FillNew leaves no room for new files.
func (f *File) FillNew(full bool) {
	if r, ok := f.files.(recordedFiles); ok && full {
		f.files = fullFiles{r}
	} else if r, ok := f.files.(fullFiles); ok && !full {
		f.files = r.recordedFiles
	}
}

type fullFiles struct{ recordedFiles }

func (f fullFiles) OpenFile(path string, flag int) (newFile, error) {
	if flag&os.O_CREATE != 0 {
		return nil, syscall.ENOSPC
	}
	return f.recordedFiles.OpenFile(path, flag)
}

type brokenFile struct {
	newFile
	room int
	err  error
}

func (f *brokenFile) Write(data []byte) (int, error) {
	n, err := f.newFile.Write(data[:min(len(data), f.room)])
	if err == nil && n < len(data) {
		err = f.err
	}
	return n, err
}

func (f *brokenFile) Sync() error { return f.err }

// SetBack replaces what the store has by an earlier state of a grant.
func (m *Memory) SetBack(grant Grant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.grants[grant.Key] = grant.Clone()
}
