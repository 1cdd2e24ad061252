package media

const (
	codeFileUnreadable  = 12038002
	CodeFileFormat      = 12038004
	CodeFileSize        = 12038005
	codeImageResolution = 12019116 // outside the limits of every image
	codeImageDimensions = 12038014 // outside the limits of its use case
	CodeForeignImage    = 12052722
	codeFileEmpty       = 12019103
	codeFileName        = 12019104
	codeFileKind        = 12019105
	codeVideoRatio      = 12019122
	codeVideoUnknown    = 12052360

	codeTranslationImage    = 12038008
	codeTranslationLanguage = 12038009
	codeTranslationCount    = 12038010
	codeTranslationUnknown  = 12038011
	codeTranslationQuota    = 12038012
	codeTranslationShop     = 12038013
)
