package sandbox

import (
	"bytes"
	"encoding/base64"
	"slices"
)

// Limits of what sellers upload as a proof of delivery.
const (
	maxDeliveryImage = 5 << 20
	maxDeliveryFile  = 10 << 20
)

// deliveryData reads the uploaded bytes. The documents call those of images
// Base64 although the form is multipart, so either is taken.
func deliveryData(c *call, plain func([]byte) bool) ([]byte, *failure) {
	data, _, f := imageForm(c)
	if f != nil || plain(data) {
		return data, f
	}
	if decoded, err := base64.StdEncoding.AppendDecode(nil, bytes.TrimSpace(data)); err == nil && plain(decoded) {
		return decoded, nil
	}
	return data, nil
}

// uploadDeliveryImage takes a picture that proves a delivery.
func uploadDeliveryImage(c *call) *failure {
	data, f := deliveryData(c, func(data []byte) bool {
		_, _, _, f := inspect(data)
		return f == nil
	})
	if f != nil {
		return f
	}
	if len(data) > maxDeliveryImage {
		return fail(codeFileSize, "the image is larger than 5 MB")
	}
	width, height, mediaType, f := inspect(data)
	if f != nil {
		return f
	}
	if !slices.Contains([]string{"image/jpeg", "image/png"}, mediaType) {
		return fail(codeFileFormat, "'data' is none of JPG, JPEG, PNG")
	}
	if f := checkSize(width, height, ""); f != nil {
		return f
	}
	info := imagesOf(c.state.world).add(width, height, mediaType, bytes.Clone(data))
	c.json(struct {
		URL    string `json:"url"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
	}{imageURL(c, info.uri), width, height})
	return nil
}

// uploadDeliveryFile takes a PDF that proves a delivery. It is kept among the
// images, as a picture without a size.
func uploadDeliveryFile(c *call) *failure {
	isPDF := func(data []byte) bool { return bytes.HasPrefix(data, []byte("%PDF-")) }
	data, f := deliveryData(c, isPDF)
	if f != nil {
		return f
	}
	fields, f := c.formValues()
	if f != nil {
		return f
	}
	switch {
	case fields["name"] == "":
		return missing("name")
	case len(data) >= maxDeliveryFile:
		return fail(codeFileSize, "the file has 10 MB or more")
	case !isPDF(data):
		return fail(codeFileFormat, "'data' is no PDF")
	}
	info := imagesOf(c.state.world).add(1, 1, "application/pdf", bytes.Clone(data))
	c.json(struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	}{fields["name"], imageURL(c, info.uri)})
	return nil
}
