// Package webcrypto is the AES-256-GCM of the browser: native code, on threads
// of its own. It works in a worker whose script provides flowpane.crypt.
//
// Source: https://w3c.github.io/webcrypto/#aes-gcm
package webcrypto
