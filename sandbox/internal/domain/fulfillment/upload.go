package fulfillment

import (
	"bytes"
	"encoding/base64"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Limits of what sellers upload as a proof of delivery.
const (
	maxDeliveryImage = 5 << 20
	maxDeliveryFile  = 10 << 20
)

// deliveryData reads the uploaded bytes. The documents call those of images
// Base64 although the form is multipart, so either is taken.
func deliveryData(c *gate.Call, plain func([]byte) bool) ([]byte, *gate.Failure) {
	data, _, f := media.ImageForm(c)
	if f != nil || plain(data) {
		return data, f
	}
	if decoded, err := base64.StdEncoding.AppendDecode(nil, bytes.TrimSpace(data)); err == nil && plain(decoded) {
		return decoded, nil
	}
	return data, nil
}

// uploadDeliveryImage takes a picture that proves a delivery.
func uploadDeliveryImage(c *gate.Call) *gate.Failure {
	data, f := deliveryData(c, func(data []byte) bool {
		_, _, _, f := media.Inspect(data)
		return f == nil
	})
	if f != nil {
		return f
	}
	if len(data) > maxDeliveryImage {
		return gate.Fail(media.CodeFileSize, "the image is larger than 5 MB")
	}
	width, height, mediaType, f := media.Inspect(data)
	if f != nil {
		return f
	}
	if !slices.Contains([]string{"image/jpeg", "image/png"}, mediaType) {
		return gate.Fail(media.CodeFileFormat, "'data' must be a JPG, JPEG or PNG file")
	}
	if f := media.CheckSize(width, height, ""); f != nil {
		return f
	}
	info := media.ImagesOf(c.State.World).Add(width, height, mediaType, bytes.Clone(data))
	c.JSON(struct {
		URL    string `json:"url"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
	}{media.ImageURL(c, info.URI), width, height})
	return nil
}

// uploadDeliveryFile takes a PDF that proves a delivery. It is kept among the
// images, as a picture without a size.
func uploadDeliveryFile(c *gate.Call) *gate.Failure {
	isPDF := func(data []byte) bool { return bytes.HasPrefix(data, []byte("%PDF-")) }
	data, f := deliveryData(c, isPDF)
	if f != nil {
		return f
	}
	fields, f := c.FormValues()
	if f != nil {
		return f
	}
	switch {
	case fields["name"] == "":
		return gate.Missing("name")
	case len(data) >= maxDeliveryFile:
		return gate.Fail(media.CodeFileSize, "the file has 10 MB or more")
	case !isPDF(data):
		return gate.Fail(media.CodeFileFormat, "'data' must be a PDF")
	}
	info := media.ImagesOf(c.State.World).Add(1, 1, "application/pdf", bytes.Clone(data))
	c.JSON(struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	}{fields["name"], media.ImageURL(c, info.URI)})
	return nil
}
