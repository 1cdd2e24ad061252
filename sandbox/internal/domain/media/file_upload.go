package media

import (
	"bytes"
	"encoding/binary"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Limits of uploaded files.
const (
	maxPDFFile   = 20 << 20
	maxVideoFile = 100 << 20
)

func uploadFile(c *gate.Call) *gate.Failure {
	parts, f := c.FormParts()
	if f != nil {
		return f
	}
	data, sent := parts["data"]
	switch {
	case !sent:
		return gate.Missing("data")
	case len(data) == 0:
		return gate.Fail(codeFileEmpty, "'data' is empty, send the bytes of the file as multipart form data")
	case len(parts["name"]) == 0:
		return gate.Fail(codeFileName, "'name' is missing, send the name of the file with its extension")
	}
	format := fileFormat(data)
	switch {
	case format == "":
		return gate.Fail(codeFileKind, "'data' must be a PDF, MP4, MOV, MKV, WMV, WEBM, AVI, 3GP, FLV or MPEG file")
	case format == formatPDF && len(data) > maxPDFFile:
		return gate.Fail(CodeFileSize, "the PDF is larger than 20 MB")
	case len(data) > maxVideoFile:
		return gate.Fail(CodeFileSize, "the video is larger than 100 MB")
	}
	// Of the formats whose size is not read here any ratio is taken.
	if width, height, ok := videoSize(format, data); ok && (16*width < 9*height || 9*width > 16*height) {
		return gate.Fail(codeVideoRatio, "the video has ", strconv.Itoa(width), " x ", strconv.Itoa(height), " pixels, allowed are ratios from 9:16 to 16:9")
	}
	info := FilesOf(c.State.World).add(c.Grant.OpenID, string(parts["name"]), format, bytes.Clone(data))
	c.JSON(struct {
		ID     string `json:"id"`
		Name   string `json:"name"`
		Format string `json:"format"`
		URL    string `json:"url"`
	}{info.ID, info.Name, info.Format, FileURL(c, info)})
	return nil
}

// fileFormat tells the format of a file by its first bytes, "" where the upload does not
// take it.
func fileFormat(data []byte) string {
	switch has := func(p string) bool { return bytes.HasPrefix(data, []byte(p)) }; {
	case has("%PDF-"):
		return formatPDF
	case len(data) >= 12 && string(data[4:8]) == "ftyp":
		switch brand := string(data[8:12]); {
		case brand == "qt  ":
			return "MOV"
		case brand[:3] == "3gp" || brand[:3] == "3g2":
			return "3GP"
		}
		return "MP4"
	case has("\x1a\x45\xdf\xa3"):
		if bytes.Contains(data[:min(len(data), 128)], []byte("webm")) {
			return "WEBM"
		}
		return "MKV"
	case has("\x30\x26\xb2\x75\x8e\x66\xcf\x11"):
		return "WMV"
	case len(data) >= 12 && has("RIFF") && string(data[8:12]) == "AVI ":
		return "AVI"
	case has("FLV"):
		return "FLV"
	case has("\x00\x00\x01\xba"), has("\x00\x00\x01\xb3"):
		return "MPEG"
	}
	return ""
}

// videoSize reads the size of the picture where the format tells it plainly.
func videoSize(format string, data []byte) (width, height int, ok bool) {
	switch format {
	case "MP4", "MOV", "3GP":
		return trackSize(data)
	case "AVI":
		const at = 64 // in the main header, which comes first
		if len(data) < at+8 || string(data[24:28]) != "avih" {
			return 0, 0, false
		}
		width, height = int(binary.LittleEndian.Uint32(data[at:])), int(binary.LittleEndian.Uint32(data[at+4:]))
	}
	return width, height, width > 0 && height > 0
}

// trackSize returns the size of the largest track of a file made of boxes.
// Tracks of sound have none.
func trackSize(data []byte) (width, height int, ok bool) {
	for movie := range boxes(data, "moov") {
		for track := range boxes(movie, "trak") {
			for header := range boxes(track, "tkhd") {
				if len(header) < 84 {
					continue
				}
				// The last eight bytes, in whole pixels and 65536ths.
				w := int(binary.BigEndian.Uint32(header[len(header)-8:]) >> 16)
				h := int(binary.BigEndian.Uint32(header[len(header)-4:]) >> 16)
				if w*h > width*height {
					width, height = w, h
				}
			}
		}
	}
	return width, height, width > 0 && height > 0
}
