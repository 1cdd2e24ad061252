package sandbox_test

import (
	"bytes"
	"io"
	"runtime"
	"testing"
	"testing/iotest"
)

// Memory follows the bytes of a body that came, not those that were announced.
// It runs alone, since it counts what is allocated.
func TestBodyMemory(t *testing.T) {
	w := newWorld(t)
	const announced, requests = 20 << 20, 20
	send := func() {
		e := w.request("POST", "/product/202309/images/upload", "", "")
		e.header.Set("Content-Type", "multipart/form-data; boundary=b")
		r := e.http()
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader([]byte("--b")), iotest.ErrReader(io.ErrUnexpectedEOF)))
		r.ContentLength = announced
		if a := w.serve(t, r); a.Code == 0 || a.Message == "" {
			t.Errorf("code %d: %s", a.Code, a.Message)
		}
	}
	send() // what is made once is made
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range requests {
		send()
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > requests*(256<<10) {
		t.Errorf("%d requests that announce %d bytes and send 3 took %d bytes", requests, announced, took)
	}
}
