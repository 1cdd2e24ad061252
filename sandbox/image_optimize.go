package sandbox

// optimizeImages gives images a white background. The first call begins the
// work, any later one finds it done. An image that was optimized is left alone.
func optimizeImages(c *call) *failure {
	var in struct {
		Images []struct {
			URI string `json:"uri"`
		} `json:"images"`
	}
	if f := c.decode(&in); f != nil {
		return f
	}
	for _, image := range in.Images {
		if imagesOf(c.state.world).get(image.URI) == nil {
			return fail(codeForeignImage, "image ", image.URI, " was not uploaded here")
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
		shown := view{OriginalURI: image.URI, OriginalURL: imageURL(c, image.URI)}
		var made *imageInfo
		if made, shown.Status = imagesOf(c.state.world).optimize(image.URI); made != nil {
			shown.OptimizedURI, shown.OptimizedURL = made.uri, imageURL(c, made.uri)
			shown.Width, shown.Height = made.width, made.height
		}
		list = append(list, shown)
	}
	c.json(struct {
		Images []view `json:"images"`
	}{list})
	return nil
}

// optimize begins the optimization of an image, or returns what came of it.
func (s *images) optimize(uri string) (made *imageInfo, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if done, asked := s.optimized[uri]; asked {
		return s.byURI[done], "SUCCESS"
	}
	for _, done := range s.optimized {
		if done == uri {
			return nil, "IGNORE"
		}
	}
	if s.optimized == nil {
		s.optimized = map[string]string{}
	}
	original := s.byURI[uri]
	s.optimized[uri] = s.insert(original.width, original.height, "image/png", nil).uri
	return nil, "PROCESSING"
}
