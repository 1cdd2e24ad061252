package media

type ImageRef struct {
	URI string `json:"uri"`
}

type Certification struct {
	ID             string              `json:"id"`
	Images         []ImageRef          `json:"images,omitempty"`
	Files          []CertificationFile `json:"files,omitempty"`
	ExpirationDate int64               `json:"expiration_date,omitempty"`
}

type CertificationFile struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Format string `json:"format"`
}

type ImageView struct {
	URI       string   `json:"uri"`
	Width     int      `json:"width"`
	Height    int      `json:"height"`
	URLs      []string `json:"urls"`
	ThumbURLs []string `json:"thumb_urls"`
}
