package media

// ImageRef refers to an uploaded image.
type ImageRef struct {
	URI string `json:"uri"`
}

// Certification is a certificate of a product with its images and files.
type Certification struct {
	ID             string              `json:"id"`
	Images         []ImageRef          `json:"images,omitempty"`
	Files          []CertificationFile `json:"files,omitempty"`
	ExpirationDate int64               `json:"expiration_date,omitempty"`
}

// CertificationFile is a file of a certificate.
type CertificationFile struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Format string `json:"format"`
}

// ImageView is an image in answers.
type ImageView struct {
	URI       string   `json:"uri"`
	Width     int      `json:"width"`
	Height    int      `json:"height"`
	URLs      []string `json:"urls"`
	ThumbURLs []string `json:"thumb_urls"`
}
