package sandbox

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
)

// imagePrefix is where the images are that answers link to.
const imagePrefix = controlPrefix + "images/"

// seedImageSize is the side of the square images of the seed.
const seedImageSize = 800

// maxImageBytes bounds the uploaded images that are kept in memory. Beyond it
// the oldest lose their bytes, not their identity: a plain picture of the same
// size takes their place.
const maxImageBytes = 64 << 20

// imageInfo is an image that products can refer to.
type imageInfo struct {
	uri           string
	width, height int
	mediaType     string
	data          []byte // nil where it is drawn on demand
}

// images are shared by the shops of the seller.
type images struct {
	mu     sync.RWMutex
	rng    random
	byURI  map[string]*imageInfo
	stored []*imageInfo // with data, the oldest first
	size   int

	optimized map[string]string // URIs of images to those of their optimized ones
}

// get returns an image by its URI, or nil.
func (s *images) get(uri string) *imageInfo {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byURI[uri]
}

// add registers an image under a new URI.
func (s *images) add(width, height int, mediaType string, data []byte) *imageInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.insert(width, height, mediaType, data)
}

// insert is add for callers who hold the lock.
func (s *images) insert(width, height int, mediaType string, data []byte) *imageInfo {
	info := &imageInfo{
		uri:   "tos-sandbox-i-" + s.rng.text(lowerDigits, 10) + "/" + s.rng.text(hexDigits, 32),
		width: width, height: height, mediaType: mediaType, data: data,
	}
	s.byURI[info.uri] = info
	if data == nil {
		return info
	}
	s.stored = append(s.stored, info)
	for s.size += len(data); s.size > maxImageBytes && len(s.stored) > 1; s.stored = slices.Delete(s.stored, 0, 1) {
		oldest := s.stored[0]
		s.size -= len(oldest.data)
		s.byURI[oldest.uri] = &imageInfo{uri: oldest.uri, width: oldest.width, height: oldest.height}
	}
	return info
}

// fileName is the last part of an image's link: its URI in one segment.
func fileName(uri string) string { return strings.ReplaceAll(uri, "/", "~") }

// imageURL is where an image can be seen.
func imageURL(c *call, uri string) string { return c.baseURL() + imagePrefix + fileName(uri) }

// serveImage shows an image.
func serveImage(s *gatehouse, w http.ResponseWriter, r *http.Request) {
	info := imagesOf(s.state.Load().world).get(strings.ReplaceAll(r.PathValue("name"), "~", "/"))
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
func drawImage(info *imageInfo) []byte {
	h := fnv.New32a()
	h.Write([]byte(info.uri))
	hue := h.Sum32()
	shade := func(shift uint) uint8 { return uint8(96 + hue>>shift&127) }
	ground := color.RGBA{shade(0), shade(7), shade(14), 255}
	disc := color.RGBA{255 - ground.R/3, 255 - ground.G/3, 255 - ground.B/3, 255}
	// A large image is drawn small: its size is known from elsewhere.
	width, height := min(info.width, 1000), min(info.height, 1000)
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

// imagesOf returns the images of a world.
func imagesOf(w *world) *images { return roomIn[images](w.rooms) }
