package policy

import (
	"bytes"
	"context"
	"strconv"
	"sync"
)

// Memory is a [Store] that lasts as long as its process. The zero value is empty.
type Memory struct {
	mu      sync.Mutex
	version int
	data    []byte
}

// Read implements [Store].
func (m *Memory) Read(context.Context, string) ([]byte, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return bytes.Clone(m.data), m.name(), nil
}

// Write implements [Store].
func (m *Memory) Write(_ context.Context, version string, data []byte) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if version != m.name() {
		return false, nil
	}
	m.version++
	m.data = bytes.Clone(data)
	return true, nil
}

// name returns the version as text. The caller holds the lock.
func (m *Memory) name() string {
	if m.version == 0 {
		return ""
	}
	return strconv.Itoa(m.version)
}
