package sandbox

type imageRef struct {
	URI string `json:"uri"`
}

type certification struct {
	ID             string              `json:"id"`
	Images         []imageRef          `json:"images,omitempty"`
	Files          []certificationFile `json:"files,omitempty"`
	ExpirationDate int64               `json:"expiration_date,omitempty"`
}

type certificationFile struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Format string `json:"format"`
}

type imageView struct {
	URI       string   `json:"uri"`
	Width     int      `json:"width"`
	Height    int      `json:"height"`
	URLs      []string `json:"urls"`
	ThumbURLs []string `json:"thumb_urls"`
}
