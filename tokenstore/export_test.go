package tokenstore

// SetIterations makes passphrases cheap for tests.
func (k *Keys) SetIterations(n int) { k.iterations = n }

// BreakWrites makes every write of the store's file fail after n bytes, and
// with n < 0 whole again.
func (f *File) BreakWrites(n int, err error) {
	f.create = func(path string) (newFile, error) {
		file, createErr := createFile(path)
		if createErr != nil || n < 0 {
			return file, createErr
		}
		return &brokenFile{file, n, err}, nil
	}
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

// SetBack puts a grant as it was before in place of what the store has.
func (m *Memory) SetBack(grant Grant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.grants[grant.Key] = grant.Clone()
}
