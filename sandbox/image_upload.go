package sandbox

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"slices"
	"strconv"
)

// Limits of an uploaded image.
const (
	maxImageFile       = 10 << 20
	minImagePixels     = 100
	maxImagePixels     = 20000
	minSizeChartPixels = 1024
)

// The uses of an image that have rules of their own.
const (
	useMainImage      = "MAIN_IMAGE"
	useAttributeImage = "ATTRIBUTE_IMAGE"
	useSizeChart      = "SIZE_CHART_IMAGE"
)

func uploadImage(c *call) *failure {
	file, useCase, f := imageForm(c)
	if f != nil {
		return f
	}
	if uses := []string{useMainImage, useAttributeImage, "DESCRIPTION_IMAGE", "CERTIFICATION_IMAGE", useSizeChart}; useCase != "" && !slices.Contains(uses, useCase) {
		return notAllowed("use_case", useCase, uses)
	}
	if len(file) > maxImageFile {
		return fail(codeFileSize, "the image is larger than 10 MB")
	}
	width, height, mediaType, f := inspect(file)
	if f != nil {
		return f
	}
	if f := checkSize(width, height, useCase); f != nil {
		return f
	}
	// A use that is not named is not documented. The limits of none apply then,
	// and the answer names the one that most images have.
	if useCase == "" {
		useCase = useMainImage
	}
	width, height = fitRatio(width, height, useCase)
	info := imagesOf(c.state.world).add(width, height, mediaType, bytes.Clone(file))
	c.json(struct {
		URI     string `json:"uri"`
		URL     string `json:"url"`
		Width   int    `json:"width"`
		Height  int    `json:"height"`
		UseCase string `json:"use_case"`
	}{info.uri, imageURL(c, info.uri), width, height, useCase})
	return nil
}

// imageForm reads the two parts of the form.
func imageForm(c *call) (file []byte, useCase string, f *failure) {
	unreadable := fail(codeFileUnreadable, "'data' cannot be read, send the bytes of the image as multipart form data")
	if len(c.body) == 0 {
		return nil, "", missing("data")
	}
	_, params, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil, "", unreadable
	}
	found := false
	for reader := multipart.NewReader(bytes.NewReader(c.body), params["boundary"]); ; {
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
		return nil, "", missing("data")
	case len(file) == 0:
		return nil, "", unreadable
	}
	return file, useCase, nil
}

// inspect tells the format and the size of an image by its header.
func inspect(file []byte) (width, height int, mediaType string, f *failure) {
	for _, format := range imageFormats() {
		if !format.matches(file) {
			continue
		}
		width, height, ok := format.size(file)
		if !ok {
			return 0, 0, "", fail(codeFileUnreadable, "'data' starts as ", format.mediaType, " and does not go on so")
		}
		return width, height, format.mediaType, nil
	}
	return 0, 0, "", fail(codeFileFormat, "'data' is none of JPG, JPEG, PNG, WEBP, HEIC, BMP")
}

// checkSize holds an image to the limits of every image and of its use.
func checkSize(width, height int, useCase string) *failure {
	short, long := min(width, height), max(width, height)
	size := strconv.Itoa(width) + " x " + strconv.Itoa(height)
	switch {
	case short < minImagePixels || long > maxImagePixels:
		return fail(codeImageResolution, "the image has ", size, " pixels, allowed are 100 x 100 to 20000 x 20000")
	case useCase == useMainImage && (short < minMainImagePixels || long > maxMainImagePixels):
		return fail(codeImageDimensions, "the image has ", size, " pixels, allowed for MAIN_IMAGE are 300 x 300 to 4000 x 4000")
	case useCase == useSizeChart && short < minSizeChartPixels:
		return fail(codeImageDimensions, "the image has ", size, " pixels, SIZE_CHART_IMAGE needs 1024 on the shorter side")
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
