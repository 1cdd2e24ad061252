package media

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// ImagePrefix is where the images are that answers link to.
const ImagePrefix = world.ControlPrefix + "images/"

// SeedImageSize is the side of the square images of the seed.
const SeedImageSize = 800

// maxImageBytes bounds the uploaded images that are kept in memory. Beyond it
// the oldest lose their bytes, not their identity: a plain picture of the same
// size takes their place.
const maxImageBytes = 64 << 20

// ImageInfo is an image that products can refer to.
type ImageInfo struct {
	URI           string
	Width, Height int
	mediaType     string
	data          []byte // nil where it is drawn on demand
}

// Images are shared by the shops of the seller.
type Images struct {
	mu     sync.RWMutex
	Random invent.Random
	ByURI  map[string]*ImageInfo
	stored []*ImageInfo // with data, the oldest first
	size   int

	optimized map[string]string // URIs of images to those of their optimized ones
}

// Get returns an image by its URI, or nil.
func (s *Images) Get(uri string) *ImageInfo {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.ByURI[uri]
}

// Add registers an image under a new URI.
func (s *Images) Add(width, height int, mediaType string, data []byte) *ImageInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.insert(width, height, mediaType, data)
}

// insert is add for callers who hold the lock.
func (s *Images) insert(width, height int, mediaType string, data []byte) *ImageInfo {
	info := &ImageInfo{
		URI:   "tos-sandbox-i-" + s.Random.Text(invent.LowerDigits, 10) + "/" + s.Random.Text(invent.HexDigits, 32),
		Width: width, Height: height, mediaType: mediaType, data: data,
	}
	s.ByURI[info.URI] = info
	if data == nil {
		return info
	}
	s.stored = append(s.stored, info)
	for s.size += len(data); s.size > maxImageBytes && len(s.stored) > 1; s.stored = slices.Delete(s.stored, 0, 1) {
		oldest := s.stored[0]
		s.size -= len(oldest.data)
		s.ByURI[oldest.URI] = &ImageInfo{URI: oldest.URI, Width: oldest.Width, Height: oldest.Height}
	}
	return info
}

// FileName is the last part of an image's link: its URI in one segment.
func FileName(uri string) string { return strings.ReplaceAll(uri, "/", "~") }

// ImageURL is where an image can be seen.
func ImageURL(c *gate.Call, uri string) string { return c.BaseURL() + ImagePrefix + FileName(uri) }

// serveImage shows an image.
func serveImage(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	info := ImagesOf(s.State.Load().World).Get(strings.ReplaceAll(r.PathValue("name"), "~", "/"))
	if info == nil {
		http.NotFound(w, r)
		return
	}
	data, mediaType := info.data, info.mediaType
	if data == nil {
		data, mediaType = drawImage(info), "image/png"
	}
	header := w.Header()
	header.Set("Content-Type", mediaType)
	header.Set("Content-Length", strconv.Itoa(len(data)))
	header.Set("X-Content-Type-Options", "nosniff") // uploads are somebody's bytes
	header.Set("Cache-Control", "public, max-age=86400")
	_, _ = w.Write(data) // fails only where nobody waits for it
}

// drawImage returns a picture of the image's size in colours of its own: a
// disc on a plain ground.
func drawImage(info *ImageInfo) []byte {
	h := fnv.New32a()
	h.Write([]byte(info.URI))
	hue := h.Sum32()
	shade := func(shift uint) uint8 { return uint8(96 + hue>>shift&127) }
	ground := color.RGBA{shade(0), shade(7), shade(14), 255}
	disc := color.RGBA{255 - ground.R/3, 255 - ground.G/3, 255 - ground.B/3, 255}
	// A large image is drawn small: its size is known from elsewhere.
	width, height := min(info.Width, 1000), min(info.Height, 1000)
	picture := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{ground, disc})
	radius := min(width, height) / 3
	for y := range height {
		for x := range width {
			if dx, dy := x-width/2, y-height/2; dx*dx+dy*dy < radius*radius {
				picture.Pix[y*picture.Stride+x] = 1
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		panic("sandbox: drawing an image: " + err.Error()) // a buffer takes everything
	}
	return b.Bytes()
}

// ImagesOf returns the images of a world.
func ImagesOf(w *world.World) *Images { return world.RoomIn[Images](w.Rooms) }
