package sandbox_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

func blank(width, height int) *image.Paletted {
	return image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.Black})
}

func pngImage(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, blank(width, height)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegImage(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, blank(width, height), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifImage(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, blank(width, height), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pngHeader is a PNG without pixels: enough to tell its size.
func pngHeader(width, height uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")
	b = binary.BigEndian.AppendUint32(b, width)
	b = binary.BigEndian.AppendUint32(b, height)
	b = append(b, 1, 0, 0, 0, 0)
	return binary.BigEndian.AppendUint32(b, crc(b[12:]))
}

func crc(data []byte) uint32 {
	c := ^uint32(0)
	for _, x := range data {
		c ^= uint32(x)
		for range 8 {
			c = c>>1 ^ 0xedb88320*(c&1)
		}
	}
	return ^c
}

func webp(kind string, payload ...byte) []byte {
	b := append([]byte("RIFF\x00\x00\x00\x00WEBP"+kind+"\x00\x00\x00\x00"), payload...)
	return append(b, make([]byte, 16)...)
}

func bmp(width, height int32) []byte {
	b := append([]byte("BM"), make([]byte, 12)...)
	b = binary.LittleEndian.AppendUint32(b, 40)
	b = binary.LittleEndian.AppendUint32(b, uint32(width))
	b = binary.LittleEndian.AppendUint32(b, uint32(height))
	return append(b, make([]byte, 28)...)
}

// heic nests the boxes that tell the size of a HEIC picture and of its
// thumbnail.
func heic(width, height uint32) []byte {
	box := func(kind string, content []byte) []byte {
		return append(binary.BigEndian.AppendUint32(nil, uint32(8+len(content))), kind+string(content)...)
	}
	ispe := func(w, h uint32) []byte {
		return box("ispe", binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(make([]byte, 4), w), h))
	}
	properties := append(append(ispe(160, 120), box("hvcC", []byte{1, 2, 3})...), ispe(width, height)...)
	meta := append(make([]byte, 4), box("hdlr", nil)...)
	meta = append(meta, box("iprp", box("ipco", properties))...)
	return append(box("ftyp", []byte("heic\x00\x00\x00\x00mif1heic")), box("meta", meta)...)
}

// upload sends a file as the form of the image upload.
func (w *world) upload(t testing.TB, file []byte, useCase string) *answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("data", "image")
	if err != nil {
		t.Fatal(err)
	}
	part.Write(file)
	if useCase != "" {
		form.WriteField("use_case", useCase)
	}
	form.Close()
	e := w.request("POST", "/product/202309/images/upload", "", body.String())
	e.header.Set("Content-Type", form.FormDataContentType())
	return w.send(t, e)
}

func TestImageSizes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		data          []byte
		width, height int
		mediaType     string
	}{
		"png":         {pngImage(t, 640, 480), 640, 480, "image/png"},
		"jpeg":        {jpegImage(t, 640, 481), 640, 481, "image/jpeg"},
		"webp lossy":  {webp("VP8 ", 0, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x41), 640, 480, "image/webp"},
		"webp exact":  {webp("VP8L", 0x2f, 0x7f, 0xc2, 0x77, 0x00), 640, 480, "image/webp"},
		"webp extras": {webp("VP8X", 0, 0, 0, 0, 0x7f, 0x02, 0x00, 0xdf, 0x01, 0x00), 640, 480, "image/webp"},
		"bmp":         {bmp(640, 480), 640, 480, "image/bmp"},
		"bmp, down":   {bmp(640, -480), 640, 480, "image/bmp"},
		"heic":        {heic(640, 480), 640, 480, "image/heic"},
	} {
		width, height, mediaType, code := sandbox.ImageSize(test.data)
		if width != test.width || height != test.height || mediaType != test.mediaType || code != 0 {
			t.Errorf("%s: %d x %d %s, code %d", name, width, height, mediaType, code)
		}
	}
}

func TestImageUpload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tall := jpegImage(t, 300, 900)
	for name, test := range map[string]struct {
		file    []byte
		useCase string
		want    int
		size    [2]int // in the answer, where there is one
	}{
		"main":               {pngImage(t, 800, 800), "MAIN_IMAGE", 0, [2]int{800, 800}},
		"main, 4:3":          {pngImage(t, 800, 600), "MAIN_IMAGE", 0, [2]int{800, 600}},
		"main, wide":         {pngImage(t, 900, 600), "MAIN_IMAGE", 0, [2]int{900, 900}},
		"attribute, tall":    {tall, "ATTRIBUTE_IMAGE", 0, [2]int{900, 900}},
		"description, tall":  {tall, "DESCRIPTION_IMAGE", 0, [2]int{300, 900}},
		"certificate":        {heic(1200, 900), "CERTIFICATION_IMAGE", 0, [2]int{1200, 900}},
		"no use":             {pngImage(t, 100, 100), "", 0, [2]int{100, 100}},
		"main at the bottom": {pngHeader(300, 300), "MAIN_IMAGE", 0, [2]int{300, 300}},
		"main too small":     {pngHeader(300, 299), "MAIN_IMAGE", 12038014, [2]int{}},
		"main at the top":    {pngHeader(4000, 4000), "MAIN_IMAGE", 0, [2]int{4000, 4000}},
		"main too large":     {pngHeader(4001, 4000), "MAIN_IMAGE", 12038014, [2]int{}},
		"chart":              {pngHeader(1024, 3000), "SIZE_CHART_IMAGE", 0, [2]int{1024, 3000}},
		"chart too small":    {pngHeader(1023, 3000), "SIZE_CHART_IMAGE", 12038014, [2]int{}},
		"tiny":               {pngHeader(99, 100), "DESCRIPTION_IMAGE", 12019116, [2]int{}},
		"at the top":         {pngHeader(20000, 100), "DESCRIPTION_IMAGE", 0, [2]int{20000, 100}},
		"huge":               {pngHeader(20001, 100), "DESCRIPTION_IMAGE", 12019116, [2]int{}},
		"unknown use":        {pngImage(t, 800, 800), "POSTER", invalid, [2]int{}},
		"gif":                {gifImage(t, 800, 800), "MAIN_IMAGE", 12038004, [2]int{}},
		"text":               {[]byte("not an image"), "MAIN_IMAGE", 12038004, [2]int{}},
		"empty":              {nil, "MAIN_IMAGE", 12038002, [2]int{}},
		"broken png":         {pngImage(t, 800, 800)[:20], "MAIN_IMAGE", 12038002, [2]int{}},
		"10 MB":              {append(pngImage(t, 800, 800), make([]byte, 10<<20-len(pngImage(t, 800, 800)))...), "MAIN_IMAGE", 0, [2]int{800, 800}},
		"more than 10 MB":    {append(pngImage(t, 800, 800), make([]byte, 10<<20)...), "MAIN_IMAGE", 12038005, [2]int{}},
		"far more":           {make([]byte, 21<<20), "MAIN_IMAGE", tooLarge, [2]int{}},
	} {
		a := w.upload(t, test.file, test.useCase)
		if a.Code != test.want {
			t.Errorf("%s: code %d, want %d: %s", name, a.Code, test.want, a.Message)
			continue
		}
		if test.want != 0 {
			continue
		}
		var got struct {
			URI, URL      string
			Width, Height int
			UseCase       string `json:"use_case"`
		}
		a.into(t, &got)
		wantUse := test.useCase
		if wantUse == "" {
			wantUse = "MAIN_IMAGE"
		}
		if got.UseCase != wantUse || [2]int{got.Width, got.Height} != test.size || got.URI == "" {
			t.Errorf("%s: %+v", name, got)
		}
		if served := w.fetch(t, got.URL); !bytes.Equal(served, test.file) {
			t.Errorf("%s: the link shows %d bytes, want %d", name, len(served), len(test.file))
		}
	}
}

// fetch follows a link into the sandbox.
func (w *world) fetch(t testing.TB, link string) []byte {
	t.Helper()
	if !strings.HasPrefix(link, "http://shop.test/") {
		t.Fatalf("link %q does not lead to the host that was asked", link)
	}
	recorder := httptest.NewRecorder()
	r := httptest.NewRequest("GET", link, nil)
	r.RemoteAddr = "203.0.113.5:1" // from anywhere
	w.ServeHTTP(recorder, r)
	if recorder.Code != 200 {
		t.Errorf("%s: status %d", link, recorder.Code)
	}
	return recorder.Body.Bytes()
}

func TestImageLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.product(t, "GB", w.withStatus(t, "GB", "ACTIVATE").ID, "")
	config, format, err := image.DecodeConfig(bytes.NewReader(w.fetch(t, p.MainImages[0].URLs[0])))
	if err != nil || format != "png" || config.Width != p.MainImages[0].Width || config.Height != p.MainImages[0].Height {
		t.Errorf("image is %s, %+v, %v", format, config, err)
	}
	w.fetch(t, w.walk(t, "GB", "page_size=100", "")[0].LineItems[0].SKUImage)
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, httptest.NewRequest("GET", "/_sandbox/images/unknown", nil))
	if recorder.Code != 404 {
		t.Errorf("unknown image: status %d", recorder.Code)
	}
}

func TestImageForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, test := range map[string]struct {
		contentType, body string
		want              int
	}{
		"no boundary":   {"multipart/form-data", "x", 12038002},
		"no form":       {"multipart/form-data; boundary=b", "x", invalid},
		"no such field": {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--\r\n", invalid},
		"cut short":     {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\nx", 12038002},
	} {
		e := w.request("POST", "/product/202309/images/upload", "", test.body)
		e.header.Set("Content-Type", test.contentType)
		if a := w.send(t, e); a.Code != test.want {
			t.Errorf("%s: code %d, want %d", name, a.Code, test.want)
		}
	}
}

func FuzzImageHeaders(f *testing.F) {
	for _, seed := range [][]byte{
		pngHeader(640, 480), webp("VP8 ", 0, 0, 0, 0x9d, 0x01, 0x2a, 1, 1, 1, 1), webp("VP8L", 0x2f, 1, 2, 3, 4),
		webp("VP8X", 0, 0, 0, 0, 1, 2, 3, 4, 5, 6), bmp(10, 10), heic(640, 480), []byte("\xff\xd8\xff"),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		width, height, mediaType, code := sandbox.ImageSize(data)
		if code == 0 && (width < 0 || height < 0 || mediaType == "") {
			t.Errorf("%d x %d %q", width, height, mediaType)
		}
	})
}
