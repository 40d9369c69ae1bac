// Package profile has the application's own types.
package profile

// Profile is what a user says of himself.
type Profile struct {
	Name  string   `json:"name"`
	Likes []string `json:"likes,omitempty"`
}
