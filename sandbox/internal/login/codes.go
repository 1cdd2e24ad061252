package login

const (
	codeAuthCode     = 36004004 // wrong, used or expired
	codeRefreshToken = 36004001 // expired; graded B-, see refreshToken
)
