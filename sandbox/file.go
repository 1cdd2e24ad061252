package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// maxFileBytes bounds the uploaded files that are kept in memory. Beyond it the
// oldest lose their bytes, not their identity. The newest keeps its own
// whatever its size.
const maxFileBytes = 64 << 20

// streamFiles is the random stream of the ids of files.
const streamFiles = 1<<24 + 100

// Format of files that are no videos.
const formatPDF = "PDF"

// fileInfo is an uploaded PDF or video that products can refer to.
type fileInfo struct {
	ID     string `json:"id"`
	Owner  string `json:"owner"` // open id
	Name   string `json:"name"`
	Format string `json:"format"`
	Data   []byte `json:"data,omitempty"` // nil where it was dropped
}

// isVideo tells a video from a document.
func (f *fileInfo) isVideo() bool { return f != nil && f.Format != formatPDF }

// files are the uploaded files. Its lock is taken last.
type files struct {
	mu   sync.RWMutex
	data fileData
	byID map[string]*fileInfo
	size int
}

// fileData is what a snapshot keeps of files.
type fileData struct {
	Random random      `json:"random"`
	List   []*fileInfo `json:"list"` // in the order of their upload
}

func newFiles(seed uint64) *files {
	return &files{data: fileData{newRandom(seed, streamFiles), []*fileInfo{}}, byID: map[string]*fileInfo{}}
}

// get returns a file by its id, or nil.
func (s *files) get(id string) *fileInfo {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byID[id]
}

// add keeps a file under a new id.
func (s *files) add(owner, name, format string, data []byte) *fileInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	info := &fileInfo{"v" + s.data.Random.text(lowerDigits, 31), owner, name, format, data}
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
func (s *files) part() part {
	kept := plain("files", &s.data)
	load := kept.load
	kept.load = func(raw json.RawMessage) error {
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

// fileURL is where a file can be read.
func fileURL(c *call, f *fileInfo) string {
	return c.baseURL() + filePrefix + f.ID + "." + strings.ToLower(f.Format)
}

// serveUpload hands out an uploaded file and tells whether there is one of that
// name.
func serveUpload(s *gatehouse, w http.ResponseWriter, name string) bool {
	id, extension, _ := strings.Cut(name, ".")
	info := filesOf(s.state.Load().world).get(id)
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

// checkVideo refuses a video that was not uploaded.
func checkVideo(c *call, id string) *failure {
	if id != "" && !ownFile(c, id).isVideo() {
		return fail(codeVideoUnknown, "no uploaded video has the id ", id)
	}
	return nil
}

// ownFile returns a file of the seller, or nil.
func ownFile(c *call, id string) *fileInfo {
	if info := filesOf(c.state.world).get(id); info != nil && info.Owner == c.grant.openID {
		return info
	}
	return nil
}

// filesOf returns the uploaded files of a world.
func filesOf(w *world) *files { return roomIn[files](w.rooms) }
