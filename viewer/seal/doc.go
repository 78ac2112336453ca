// Package seal encrypts sessions, so that they can lie on any public host: who
// has the link has the key, and the host does not. A file is written as a
// stream, and read at any place by decrypting the chunks that are there.
//
// # The file
//
// Numbers are big-endian. A sealed file is a header of 64 bytes,
//
//	 0  16  "Flowpane sealed\n"
//	16   1  version: 1
//	17   7  prefix of nonces, random
//	24  16  salt, random
//	40  16  check of the key
//	56   4  size of a chunk, in bytes of plaintext: 65,536 as written here, and
//	        from 1,024 to 1,048,576 as read
//	60   4  CRC-32 (IEEE) of the 60 bytes before
//
// and then the chunks, without anything between them. Each is that much of the
// plaintext encrypted with AES-256-GCM, and the tag of 16 bytes. The last chunk
// may be shorter, and is empty only in a file of no plaintext, which has that
// one chunk. How much plaintext there is follows from the length of the file.
//
// The key K is 32 random bytes. With HKDF-SHA256, the salt as salt,
//
//	HKDF(K, salt, "flowpane seal 1 chunks", 32)  is the key of the chunks
//	HKDF(K, salt, "flowpane seal 1 check", 16)   is the check of the key
//
// The nonce of a chunk is the prefix, the number of the chunk from 0 in 4 bytes,
// and a byte that is 1 for the last chunk and 0 for all others. The additional
// data of each chunk are the 64 bytes of the header.
//
// # What that promises
//
// No byte is given out that was not written at its place in this very file.
// Chunks that are changed, swapped or taken from another file do not decrypt,
// for their nonces and headers differ. A file that was cut off, or to which
// something was appended, ends in a chunk that was not sealed as the last one:
// [Open] decrypts that before all others, and refuses the file.
//
// A nonce must not be used twice with a key. A [Writer] makes a key of its own for each
// file, and a caller cannot give it one; the salt would give two files under one
// key different keys for their chunks besides.
//
// A wrong key is told from a damaged file: the CRC says whether the header is as
// it was written, and the check whether the key is that of the file, before
// anything is decrypted. Neither is trusted: who forges both has gained nothing,
// as the chunks still do not decrypt. That the check binds the file to one key
// also keeps a file from being made that opens differently under two.
//
// What is not hidden is the length of the session, to the byte.
//
// The construction is that of STREAM with a key derived for each file, as Tink's
// AES-GCM-HKDF streaming AEAD has it.
//
// Sources: https://eprint.iacr.org/2015/189, https://developers.google.com/tink/streaming-aead/aes_gcm_hkdf_streaming,
// RFC 5869 and NIST SP 800-38D.
package seal

// FileName is what a sealed file is called. The name of the session is not in
// it, nor is the kind of file inside: a host would learn both.
const FileName = "session.flowpane"
