package media

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// optimizeImages gives images a white background. The first call begins the
// work, any later one finds it done. An image that was optimized is left alone.
func optimizeImages(c *gate.Call) *gate.Failure {
	var in struct {
		Images []struct {
			URI string `json:"uri"`
		} `json:"images"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	for _, image := range in.Images {
		if ImagesOf(c.State.World).Get(image.URI) == nil {
			return gate.Fail(CodeForeignImage, "image ", image.URI, " was not uploaded here")
		}
	}
	type view struct {
		OriginalURI  string `json:"original_uri"`
		OriginalURL  string `json:"original_url"`
		Status       string `json:"optimize_status"`
		OptimizedURI string `json:"optimized_uri,omitempty"`
		OptimizedURL string `json:"optimized_url,omitempty"`
		Width        int    `json:"width,omitempty"`
		Height       int    `json:"height,omitempty"`
	}
	list := []view{}
	for _, image := range in.Images {
		shown := view{OriginalURI: image.URI, OriginalURL: ImageURL(c, image.URI)}
		var made *ImageInfo
		if made, shown.Status = ImagesOf(c.State.World).optimize(image.URI); made != nil {
			shown.OptimizedURI, shown.OptimizedURL = made.URI, ImageURL(c, made.URI)
			shown.Width, shown.Height = made.Width, made.Height
		}
		list = append(list, shown)
	}
	c.JSON(struct {
		Images []view `json:"images"`
	}{list})
	return nil
}

// optimize begins the optimization of an image, or returns what came of it.
func (s *Images) optimize(uri string) (made *ImageInfo, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if done, asked := s.optimized[uri]; asked {
		return s.ByURI[done], "SUCCESS"
	}
	for _, done := range s.optimized {
		if done == uri {
			return nil, "IGNORE"
		}
	}
	if s.optimized == nil {
		s.optimized = map[string]string{}
	}
	original := s.ByURI[uri]
	s.optimized[uri] = s.insert(original.Width, original.Height, "image/png", nil).URI
	return nil, "PROCESSING"
}
