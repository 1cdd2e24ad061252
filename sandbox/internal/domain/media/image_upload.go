package media

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Limits of an uploaded image.
const (
	maxImageFile       = 10 << 20
	minImagePixels     = 100
	maxImagePixels     = 20000
	MinSizeChartPixels = 1024
)

// The uses of an image that have rules of their own.
const (
	useMainImage      = "MAIN_IMAGE"
	useAttributeImage = "ATTRIBUTE_IMAGE"
	useSizeChart      = "SIZE_CHART_IMAGE"
)

func uploadImage(c *gate.Call) *gate.Failure {
	file, useCase, f := ImageForm(c)
	if f != nil {
		return f
	}
	if uses := []string{useMainImage, useAttributeImage, "DESCRIPTION_IMAGE", "CERTIFICATION_IMAGE", useSizeChart}; useCase != "" && !slices.Contains(uses, useCase) {
		return gate.NotAllowed("use_case", useCase, uses)
	}
	if len(file) > maxImageFile {
		return gate.Fail(CodeFileSize, "the image is larger than 10 MB")
	}
	width, height, mediaType, f := Inspect(file)
	if f != nil {
		return f
	}
	if f := CheckSize(width, height, useCase); f != nil {
		return f
	}
	// A use that is not named is not documented. The limits of none apply then,
	// and the answer names the one that most images have.
	if useCase == "" {
		useCase = useMainImage
	}
	width, height = fitRatio(width, height, useCase)
	info := ImagesOf(c.State.World).Add(width, height, mediaType, bytes.Clone(file))
	c.JSON(struct {
		URI     string `json:"uri"`
		URL     string `json:"url"`
		Width   int    `json:"width"`
		Height  int    `json:"height"`
		UseCase string `json:"use_case"`
	}{info.URI, ImageURL(c, info.URI), width, height, useCase})
	return nil
}

// ImageForm reads the two parts of the form.
func ImageForm(c *gate.Call) (file []byte, useCase string, f *gate.Failure) {
	unreadable := gate.Fail(codeFileUnreadable, "'data' cannot be read, send the bytes of the image as multipart form data")
	if len(c.Body) == 0 {
		return nil, "", gate.Missing("data")
	}
	_, params, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil, "", unreadable
	}
	found := false
	for reader := multipart.NewReader(bytes.NewReader(c.Body), params["boundary"]); ; {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, "", unreadable
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, "", unreadable
		}
		switch part.FormName() {
		case "data":
			file, found = content, true
		case "use_case":
			useCase = string(content)
		}
	}
	switch {
	case !found:
		return nil, "", gate.Missing("data")
	case len(file) == 0:
		return nil, "", unreadable
	}
	return file, useCase, nil
}

// Inspect tells the format and the size of an image by its header.
func Inspect(file []byte) (width, height int, mediaType string, f *gate.Failure) {
	for _, format := range imageFormats() {
		if !format.Matches(file) {
			continue
		}
		width, height, ok := format.Size(file)
		if !ok {
			return 0, 0, "", gate.Fail(codeFileUnreadable, "'data' starts as ", format.MediaType, " and does not go on so")
		}
		return width, height, format.MediaType, nil
	}
	return 0, 0, "", gate.Fail(CodeFileFormat, "'data' must be a JPG, JPEG, PNG, WEBP, HEIC or BMP file")
}

// CheckSize holds an image to the limits of every image and of its use.
func CheckSize(width, height int, useCase string) *gate.Failure {
	short, long := min(width, height), max(width, height)
	size := strconv.Itoa(width) + " x " + strconv.Itoa(height)
	switch {
	case short < minImagePixels || long > maxImagePixels:
		return gate.Fail(codeImageResolution, "the image has ", size, " pixels, allowed are 100 x 100 to 20000 x 20000")
	case useCase == useMainImage && (short < MinMainImagePixels || long > MaxMainImagePixels):
		return gate.Fail(codeImageDimensions, "the image has ", size, " pixels, allowed for MAIN_IMAGE are 300 x 300 to 4000 x 4000")
	case useCase == useSizeChart && short < MinSizeChartPixels:
		return gate.Fail(codeImageDimensions, "the image has ", size, " pixels, SIZE_CHART_IMAGE needs 1024 on the shorter side")
	}
	return nil
}

// fitRatio returns the size after the platform's adjustment: images of
// products outside 3:4 to 4:3 become squares. Whether they are cut or padded
// is not documented; here they are padded.
func fitRatio(width, height int, useCase string) (int, int) {
	if useCase != useMainImage && useCase != useAttributeImage {
		return width, height
	}
	if 4*min(width, height) >= 3*max(width, height) {
		return width, height
	}
	side := max(width, height)
	return side, side
}
