package media

import (
	"bytes"
	_ "image/gif"
	"net/url"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// KnowsImage tells whether a link leads to an image of this sandbox.
func KnowsImage(c *gate.Call, link string) bool {
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	name, ok := strings.CutPrefix(u.Path, ImagePrefix)
	return ok && ImagesOf(c.State.World).Get(strings.ReplaceAll(name, "~", "/")) != nil
}

// UploadMessageImage takes an image that messages can show. For what it does not
// take no code is documented but that of the gateway.
func UploadMessageImage(c *gate.Call) *gate.Failure {
	parts, f := c.FormParts()
	if f != nil {
		return f
	}
	file := parts["data"]
	if len(file) == 0 {
		return gate.Missing("data")
	}
	if len(file) > maxImageFile {
		return gate.Fail(gate.CodeInvalidParameter, "'data' is larger than 10 MB")
	}
	width, height, mediaType := 0, 0, ""
	for _, format := range messageImageFormats() {
		if !format.Matches(file) {
			continue
		}
		ok := false
		if width, height, ok = format.Size(file); ok && width > 0 && height > 0 {
			mediaType = format.MediaType
		}
		break
	}
	if mediaType == "" {
		return gate.Fail(gate.CodeInvalidParameter, "'data' must be an image in the format JPG, PNG, GIF or WEBP")
	}
	info := ImagesOf(c.State.World).Add(width, height, mediaType, bytes.Clone(file))
	c.JSON(struct {
		URL    string `json:"url"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
	}{ImageURL(c, info.URI), width, height})
	return nil
}

// messageImageFormats are the formats of images in messages.
func messageImageFormats() []imageFormat {
	list := []imageFormat{{
		MediaType: "image/gif",
		Matches:   func(d []byte) bool { return bytes.HasPrefix(d, []byte("GIF8")) },
		Size:      registeredSize,
	}}
	for _, format := range imageFormats() {
		if format.MediaType == "image/jpeg" || format.MediaType == "image/png" || format.MediaType == "image/webp" {
			list = append(list, format)
		}
	}
	return list
}
