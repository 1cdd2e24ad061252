package sandbox_test

import (
	"bytes"
	"encoding/binary"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// boxed is a box of an MP4 file.
func boxed(kind string, content ...byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(8+len(content))), kind+string(content)...)
}

// video is an MP4 file as far as it tells its size, of a brand.
func video(brand string, width, height uint32) []byte {
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(make([]byte, 76), width<<16), height<<16)
	sound := boxed("trak", boxed("tkhd", make([]byte, 84)...)...)
	picture := boxed("trak", boxed("tkhd", header...)...)
	return append(boxed("ftyp", []byte(brand)...), boxed("moov", append(sound, picture...)...)...)
}

// uploadFile sends a file as the form of the file upload.
func (w *world) uploadFile(t testing.TB, name string, file []byte) *answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("data", "file")
	if err != nil {
		t.Fatal(err)
	}
	part.Write(file)
	if name != "" {
		form.WriteField("name", name)
	}
	form.Close()
	e := w.request("POST", "/product/202309/files/upload", "", body.String())
	e.header.Set("Content-Type", form.FormDataContentType())
	return w.send(t, e)
}

// uploaded is a file as the upload answers it.
type uploaded struct{ ID, Name, Format, URL string }

func (w *world) file(t testing.TB, name string, file []byte) (u uploaded) {
	t.Helper()
	w.uploadFile(t, name, file).into(t, &u)
	return u
}

func TestFileUpload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	avi := append([]byte("RIFF\x00\x00\x00\x00AVI LIST\x00\x00\x00\x00hdrlavih"), make([]byte, 36)...)
	avi = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(avi, 1920), 1080)
	for name, test := range map[string]struct {
		file   []byte
		format string
		code   int
	}{
		"pdf":            {[]byte("%PDF-1.7\n"), "PDF", 0},
		"mp4":            {video("isom", 720, 1280), "MP4", 0},
		"mov":            {video("qt  ", 1280, 720), "MOV", 0},
		"3gp":            {video("3gp5", 640, 640), "3GP", 0},
		"webm":           {[]byte("\x1a\x45\xdf\xa3\x00\x42\x82\x84webm"), "WEBM", 0},
		"mkv":            {[]byte("\x1a\x45\xdf\xa3\x00\x42\x82\x88matroska"), "MKV", 0},
		"wmv":            {[]byte("\x30\x26\xb2\x75\x8e\x66\xcf\x11"), "WMV", 0},
		"avi":            {avi, "AVI", 0},
		"flv":            {[]byte("FLV\x01"), "FLV", 0},
		"mpeg":           {[]byte("\x00\x00\x01\xba"), "MPEG", 0},
		"too wide":       {video("isom", 1300, 720), "", 12019122},
		"too tall":       {video("isom", 400, 720), "", 12019122},
		"text":           {[]byte("not a file of use"), "", 12019105},
		"empty":          {nil, "", 12019103},
		"pdf of 20 MB":   {append([]byte("%PDF-"), make([]byte, 20<<20-5)...), "PDF", 0},
		"larger pdf":     {append([]byte("%PDF-"), make([]byte, 20<<20)...), "", 12038005},
		"video of 40 MB": {append(video("isom", 720, 720), make([]byte, 40<<20)...), "MP4", 0},
	} {
		a := w.uploadFile(t, name, test.file)
		if a.Code != test.code {
			t.Errorf("%s: code %d (%s), want %d", name, a.Code, a.Message, test.code)
		}
		if test.code != 0 || a.Code != 0 {
			continue
		}
		var u uploaded
		a.into(t, &u)
		if u.Name != name || u.Format != test.format || u.ID == "" {
			t.Errorf("%s: %+v", name, u)
		}
		if served := w.fetch(t, u.URL); !bytes.Equal(served, test.file) {
			t.Errorf("%s: the link hands out %d bytes, want %d", name, len(served), len(test.file))
		}
	}
	if a := w.uploadFile(t, "", []byte("%PDF-")); a.Code != 12019104 {
		t.Errorf("without a name: %d", a.Code)
	}
}

// A product takes files and images that were uploaded, and no others.
func TestProductFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	paper, clip := w.file(t, "a.pdf", []byte("%PDF-")), w.file(t, "b.mp4", video("isom", 720, 720))
	d := w.newDraft(t, "GB")
	certified := func(image any, file string) []any {
		return []any{map[string]any{"id": "7", "images": []any{image}, "files": []any{map[string]any{"id": file, "name": "a.pdf", "format": "PDF"}}}}
	}
	image := d["main_images"].([]any)[0]
	for name, test := range map[string]struct {
		field string
		value any
		code  int
	}{
		"video unknown":         {"video", map[string]any{"id": "v1"}, 12052360},
		"a paper for a video":   {"video", map[string]any{"id": paper.ID}, 12052360},
		"file unknown":          {"certifications", certified(image, "1"), 12052658},
		"a video for a paper":   {"certifications", certified(image, clip.ID), 12052658},
		"image unknown":         {"certifications", certified(map[string]any{"uri": "nowhere"}, paper.ID), 12052650},
		"certificate twice":     {"certifications", append(certified(image, paper.ID), certified(image, paper.ID)...), 12052656},
		"size chart unknown":    {"size_chart", map[string]any{"template": map[string]any{"id": "1"}}, 12052128},
		"size chart image":      {"size_chart", map[string]any{"image": map[string]any{"uri": "nowhere"}}, 12052670},
		"manufacturer unknown":  {"manufacturer_ids", []any{"1"}, 12052284},
		"responsible unknown":   {"responsible_person_ids", []any{"1"}, 12052289},
		"video":                 {"video", map[string]any{"id": clip.ID}, 0},
		"certificate with file": {"certifications", certified(image, paper.ID), 0},
	} {
		bent := w.newDraft(t, "GB")
		bent[test.field] = test.value
		if a := w.call(t, "GB", "POST", productsPath, "", bent.json()); a.Code != test.code {
			t.Errorf("%s: code %d (%s), want %d", name, a.Code, a.Message, test.code)
		}
	}
	d["video"], d["certifications"] = map[string]any{"id": clip.ID}, certified(image, paper.ID)
	id := w.create(t, "GB", d)
	taken := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	w.steer(t, "PUT", "snapshot", string(taken), http.StatusOK)
	var p struct {
		Video          struct{ ID string }
		Certifications []struct {
			Files []struct {
				ID   string
				URLs []string `json:"urls"`
			}
		}
	}
	w.call(t, "GB", "GET", productsPath+"/"+id, "", "").into(t, &p)
	files := p.Certifications[0].Files
	if p.Video.ID != clip.ID || files[0].ID != paper.ID || string(w.fetch(t, files[0].URLs[0])) != "%PDF-" {
		t.Errorf("%+v", p)
	}
}

// Old files give way to new ones and stay what they are.
func TestFilesAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.file(t, "first.mp4", append(video("isom", 720, 720), make([]byte, 40<<20)...))
	w.file(t, "second.mp4", append(video("isom", 720, 720), make([]byte, 40<<20)...))
	d := w.newDraft(t, "US")
	d["video"] = map[string]any{"id": first.ID}
	w.create(t, "US", d)
	path := first.URL[strings.Index(first.URL, "/_sandbox/"):]
	w.steer(t, "GET", strings.TrimPrefix(path, "/_sandbox/"), "", http.StatusGone)
}
