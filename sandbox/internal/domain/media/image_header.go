package media

import (
	"bytes"
	"encoding/binary"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"strings"
)

// imageFormat is a format that the image upload accepts.
type imageFormat struct {
	MediaType string
	Matches   func(data []byte) bool
	Size      func(data []byte) (width, height int, ok bool)
}

// imageFormats lists the accepted formats. Only headers are read: a picture is
// kept as it came.
func imageFormats() []imageFormat {
	prefix := func(p string) func([]byte) bool {
		return func(data []byte) bool { return bytes.HasPrefix(data, []byte(p)) }
	}
	return []imageFormat{
		{"image/jpeg", prefix("\xff\xd8\xff"), registeredSize},
		{"image/png", prefix("\x89PNG\r\n\x1a\n"), registeredSize},
		{"image/webp", func(d []byte) bool { return len(d) >= 12 && string(d[:4]) == "RIFF" && string(d[8:12]) == "WEBP" }, webpSize},
		{"image/bmp", prefix("BM"), bmpSize},
		{"image/heic", isHEIC, heicSize},
	}
}

// registeredSize reads the formats of the standard library.
func registeredSize(data []byte) (width, height int, ok bool) {
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	return config.Width, config.Height, err == nil
}

// webpSize reads the first chunk of a WebP file, which is one of three kinds.
func webpSize(data []byte) (width, height int, ok bool) {
	if len(data) < 30 {
		return 0, 0, false
	}
	payload := data[20:]
	switch string(data[12:16]) {
	case "VP8 ": // lossy: a key frame with 14 bits per side
		if !bytes.Equal(payload[3:6], []byte{0x9d, 0x01, 0x2a}) {
			return 0, 0, false
		}
		side := func(at int) int { return int(binary.LittleEndian.Uint16(payload[at:]) & 0x3fff) }
		return side(6), side(8), true
	case "VP8L": // lossless: 14 bits per side, less one
		if payload[0] != 0x2f {
			return 0, 0, false
		}
		bits := binary.LittleEndian.Uint32(payload[1:])
		return int(bits&0x3fff) + 1, int(bits>>14&0x3fff) + 1, true
	case "VP8X": // extended: 24 bits per side, less one
		side := func(at int) int {
			return int(payload[at]) | int(payload[at+1])<<8 | int(payload[at+2])<<16
		}
		return side(4) + 1, side(7) + 1, true
	}
	return 0, 0, false
}

// bmpSize reads the header of a Windows bitmap, old or new. A negative height
// only tells the order of the rows.
func bmpSize(data []byte) (width, height int, ok bool) {
	if len(data) < 26 {
		return 0, 0, false
	}
	if binary.LittleEndian.Uint32(data[14:]) == 12 {
		return int(binary.LittleEndian.Uint16(data[18:])), int(binary.LittleEndian.Uint16(data[20:])), true
	}
	width = int(int32(binary.LittleEndian.Uint32(data[18:])))
	height = int(int32(binary.LittleEndian.Uint32(data[22:])))
	return width, max(height, -height), width > 0
}

func isHEIC(data []byte) bool {
	return len(data) >= 12 && string(data[4:8]) == "ftyp" &&
		strings.Contains("heic heix hevc heim heis mif1 msf1", string(data[8:12]))
}

// heicSize returns the largest picture that a HEIC file declares: the others
// are its tiles and thumbnails.
func heicSize(data []byte) (width, height int, ok bool) {
	for size := range boxes(data, "meta") {
		if len(size) < 4 {
			continue
		}
		for properties := range boxes(size[4:], "iprp") {
			for container := range boxes(properties, "ipco") {
				for extent := range boxes(container, "ispe") {
					if len(extent) < 12 {
						continue
					}
					w, h := binary.BigEndian.Uint32(extent[4:]), binary.BigEndian.Uint32(extent[8:])
					if w < 1<<24 && h < 1<<24 && int(w)*int(h) > width*height {
						width, height = int(w), int(h)
					}
				}
			}
		}
	}
	return width, height, width > 0
}

// boxes yields the contents of the boxes of one kind among those that follow
// one another in data.
func boxes(data []byte, kind string) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(data) >= 8 {
			size := uint64(binary.BigEndian.Uint32(data))
			header := uint64(8)
			switch size {
			case 0: // to the end
				size = uint64(len(data))
			case 1: // a long size follows
				if len(data) < 16 {
					return
				}
				size, header = binary.BigEndian.Uint64(data[8:]), 16
			}
			if size < header || size > uint64(len(data)) {
				return
			}
			if string(data[4:8]) == kind && !yield(data[header:size]) {
				return
			}
			data = data[size:]
		}
	}
}
