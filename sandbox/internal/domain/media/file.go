package media

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// maxFileBytes bounds the uploaded files that are kept in memory. Beyond it the
// oldest lose their bytes, not their identity. The newest keeps its own
// whatever its size.
const maxFileBytes = 64 << 20

// Format of files that are not videos.
const formatPDF = "PDF"

// fileInfo is an uploaded PDF or video that products can refer to.
type fileInfo struct {
	ID     string `json:"id"`
	Owner  string `json:"owner"` // open id
	Name   string `json:"name"`
	Format string `json:"format"`
	Data   []byte `json:"data,omitempty"` // nil where it was dropped
}

// IsVideo tells a video from a document.
func (f *fileInfo) IsVideo() bool { return f != nil && f.Format != formatPDF }

// files are the uploaded files. Its lock is taken last.
type files struct {
	mu   sync.RWMutex
	data fileData
	byID map[string]*fileInfo
	size int
}

// fileData is what a snapshot keeps of files.
type fileData struct {
	Random invent.Random `json:"random"`
	List   []*fileInfo   `json:"list"` // in the order of their upload
}

// NewFiles returns the place of uploaded files, empty.
func NewFiles(seed uint64) *files {
	return &files{data: fileData{invent.NewRandom(seed, invent.StreamFiles), []*fileInfo{}}, byID: map[string]*fileInfo{}}
}

// Get returns a file by its id, or nil.
func (s *files) Get(id string) *fileInfo {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byID[id]
}

// add keeps a file under a new id.
func (s *files) add(owner, name, format string, data []byte) *fileInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	info := &fileInfo{"v" + s.data.Random.Text(invent.LowerDigits, 31), owner, name, format, data}
	s.data.List = append(s.data.List, info)
	s.byID[info.ID] = info
	s.size += len(data)
	for i := 0; s.size > maxFileBytes && i < len(s.data.List)-1; i++ {
		old := s.data.List[i]
		if old.Data == nil {
			continue
		}
		s.size -= len(old.Data)
		// Readers may have the old one in their hands.
		dropped := &fileInfo{ID: old.ID, Owner: old.Owner, Name: old.Name, Format: old.Format}
		s.data.List[i], s.byID[old.ID] = dropped, dropped
	}
	return info
}

// part holds the files.
func (s *files) part() keep.Part {
	kept := keep.Plain("files", &s.data)
	load := kept.Load
	kept.Load = func(raw json.RawMessage) error {
		if err := load(raw); err != nil {
			return err
		}
		s.byID, s.size = map[string]*fileInfo{}, 0
		for _, f := range s.data.List {
			s.byID[f.ID] = f
			s.size += len(f.Data)
		}
		return nil
	}
	return kept
}

// FileURL is where a file can be read.
func FileURL(c *gate.Call, f *fileInfo) string {
	return c.BaseURL() + world.FilePrefix + f.ID + "." + strings.ToLower(f.Format)
}

// ServeUpload hands out an uploaded file and tells whether there is one of that
// name.
func ServeUpload(s *gate.Gate, w http.ResponseWriter, name string) bool {
	id, extension, _ := strings.Cut(name, ".")
	info := FilesOf(s.State.Load().World).Get(id)
	if info == nil || extension != strings.ToLower(info.Format) {
		return false
	}
	if info.Data == nil {
		http.Error(w, "the sandbox has dropped this file, newer ones took its place", http.StatusGone)
		return true
	}
	header := w.Header()
	header.Set("Content-Type", mediaTypeOf(info.Format))
	header.Set("Content-Length", strconv.Itoa(len(info.Data)))
	_, _ = w.Write(info.Data) // fails only where nobody waits for it
	return true
}

func mediaTypeOf(format string) string {
	known := map[string]string{
		formatPDF: "application/pdf", "MP4": "video/mp4", "MOV": "video/quicktime", "MKV": "video/x-matroska",
		"WMV": "video/x-ms-wmv", "WEBM": "video/webm", "AVI": "video/x-msvideo", "3GP": "video/3gpp",
		"FLV": "video/x-flv", "MPEG": "video/mpeg",
	}
	return known[format]
}

// CheckVideo refuses a video that was not uploaded.
func CheckVideo(c *gate.Call, id string) *gate.Failure {
	if id != "" && !OwnFile(c, id).IsVideo() {
		return gate.Fail(codeVideoUnknown, "no uploaded video has the id ", id)
	}
	return nil
}

// OwnFile returns a file of the seller, or nil.
func OwnFile(c *gate.Call, id string) *fileInfo {
	if info := FilesOf(c.State.World).Get(id); info != nil && info.Owner == c.Grant.OpenID {
		return info
	}
	return nil
}

// FilesOf returns the uploaded files of a world.
func FilesOf(w *world.World) *files { return world.RoomIn[files](w.Rooms) }
