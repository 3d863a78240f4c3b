// What @noble/post-quantum 0.x, which shares no code with PQClean, makes of the seeds 0, 1, 2, …:
// SHA-256 of public keys, an ML-KEM-512 ciphertext for the randomness 7, 7, …, an ML-DSA-44 signature
// of "abc" in the context "ctx" (deterministic).

/** By algorithm: bytes of the seed, SHA-256 of the public key. */
export const kKeys = {
  "ML-KEM-512": [64, "3ae268dccc5456ac0d0f9b39257dc48fe081383b97c400512d712b739762daee"],
  "ML-KEM-768": [64, "0b7934c83125c788995e2ba6bd761e33046b3e40571be53e023309a29f398cc9"],
  "ML-KEM-1024": [64, "c7b8fa0aa471d5ae18922d6ccad5b31e1d84f92ae723abfd13747018740a8530"],
  "ML-DSA-44": [32, "9f107644c1084526af3bc8098680b05499a2325a644e388fb4f970e058d19d46"],
  "ML-DSA-65": [32, "d666806e11cee19a7c989f7445f90dd419cf4d2d51db8c0fdb4c0f0a542238c9"],
  "ML-DSA-87": [32, "91dc389cfaa01470b7f66eee45a4ae9026d154817c754dfe22298b3fa241ffcd"],
};

/** By algorithm: bytes of a ciphertext, the secret that one of zeros gives. */
export const kRejections = {
  "ML-KEM-512": [768, "fc3ccf20a37dd91d9f511da5e6cb92039b1414db5b0880741178ccfb143212ff"],
  "ML-KEM-768": [1088, "c8fbeddafdacef2ffeb8b354ea644f11b5c150f3e2c4a74ce38abba8f854ae16"],
  "ML-KEM-1024": [1568, "294cb5b6b0f37a047745a2a69991f66ac85936e1b077e717eaeb26bb0ba42c68"],
};

/** The secret in kCiphertext512. */
export const kSecret512 = "a843d04cc49ae3d38e9b39ef0804e88f6d5e02a9516d0a8caef3cb74560db327";

/** Base64. */
export const kCiphertext512 =
  "n7M4MVMMnZvqW2iizwSmIUzasdLUnNHJE7UDI13Xw1OFwPJmWAtpKimk3L3jBlA6Cif7w9KbYSdu22ZVGOiR7t6toni6fx3XZLUH" +
  "h30zqrqvROm74Exk3nT1vcbCtt7FixXsGGVhCwNLPJOm09eaPDjTNsBVbY5PFJLrwSniwnc520+8aAmFY+0zpId3c9vpvGtPN7IJ" +
  "FowdbMQ2Df2xVTefG7ADL62KWde62eCqQgixnKFDj+ROJwlgKUp8tI5G9JFkezDFXUuLY0dIDD4GTilI/zgaiQMkjiD1SI6hgapr" +
  "Ho90Y+p/udGoqNHSWtdvpTqmNCaUMiE5j5LzidsBD+j8hpphgFurjFU74wIbMI+fLhvl8k1UbfOIRCGV/xVzLIq5w1vGmm8CYlUI" +
  "jXBv7QyBB9ztaLMzpg9dgoirFGeqo15WYmRFcxXk/01EX4w1kEUCSLi96VdGgqRRAVNctj+vxOwRSJaWPfG4hC8NOe8OqPpXd8Su" +
  "LcX/bzpBvP5rFb1Q4BeYJHNwbPjUrfW2wGPyzy72rQFxSSbM8amIJWYAqU5c+toGZp/R1RVkXqicqtP6nKbhMnb6p+6QKyT3DYUX" +
  "T3U6Lceac/TMXbtI1Rj6hbLxTcKuW/J7htIqQG1AnN4Xps02YhRXOg5xC/4R2kIjbTVd33OluVRlCXbINFVRXQtG6RO4k+8rC5qh" +
  "eel7JUkl2xELGJNRVKM9dr2L3Bu0adAcbtaektWTD3RAYE7oJulqbhBh4UNFsyainrltbOngxQoUaF2C96cuot9+7tXEPkaMkROB" +
  "DIXyJfzLWrW0q7OePnz8j06fGPXf4TO2iaGsFVvXd6v2Wcd8VjX1trECcD0YDRDWXYNrIWLLYu276zcHbWr+68mQNl1wBWC7ZVEI" +
  "Onx2lolYYd428rww78ETm9gJTrv1t1K7oNftLKx/rcTHREZJNQ9WaA85lG9uQCtG9Txro6IxGzTxZB1r8/kDRL8fZCqJj7FHTyxq" +
  "DOx0v4Tf8Gtqve038fsKI7QI";

/** Base64. */
export const kSignature44 =
  "Krizq+fZbCfziIe6jT5ObZeQgtd/uSVRIQa39+RQ5hR9u4+umYALggoYLYz1IR4YaxCLwkddOIVSk9mervysMaToBUdno+4rWWPd" +
  "1lZ0f1L8y0+Ukios4X0WxS99dJMT7qiFbAfGoWWpdBBUY0P03BRhiIGhCUAvFQUjzftVY6w+asHOUcuUtxTSIvYu4v1ITzP+K5HR" +
  "JBJOyk6UW+zSPQJiHxlHjXa8tfpNVRrk4IOmAnWyQ5Xfelp5GuPjF2Xk6wwpficin7aq/ksUO4bWwhLjkLTuG/rBuJEtT0ap6oyA" +
  "X87DVOUNqqWQK52tX7rWbHfOts/skGVYx2oW22ieutn51S4gvXh493fL9YJHmEss1AsLKbLxoSjZa9Gj+dVoGQf1vWYcH9aOaO3M" +
  "Qt1VRlxRGC5IAnqY7+xNPxF2EuRwRnPiL3Z8Bt5JL0JomKGm5cT//kzer2eHr4JWO4JLeR939BXaTPU+xPtg/1V7Tji8J65Ag+AH" +
  "Idpue+Qf6LVw4wF9vPLIb06xGdq4ekMOvBTZFsPhIrz/V1Hn6JaYUGjvGs3sdLNS7eLFkRlqnB0p7cxbPxvySFsixAExrmIFaVTu" +
  "gYuOX3USK/HaCd9SuqaoMQoaMBFyYGLNoY1HW9Qe8g8M0i97Bm9E+HVufpKT6q4tBOyRvHEilC4aViBGd+oPgAY/zUi1+8CpwvVn" +
  "MATyKnlxzvXXJqMeMrtbSoL4ktvbtcgefl3hlWG5KsAsAgIp/jM+P80k/pTGSecU2riKuidzPIaM9fqM6PTXk5Xnk/9+s9CKXiL9" +
  "sk4Cfn5ya2lpQY5lR5mFp2Ns/NUfaH+V49HeitdSMD4EXeT8X1p2FWoMxpjqmt4D7jIVRhWsJF3rLZSc8E+adh3OrBHUS+8EMNHL" +
  "wn25dIrN4wl76j0RtcWZeL3Tx2VC8ggX7GzLlANqdmmA2ErvGiNBvI5O7pPo7J5p/HTAHyvROZcpQN+sNVcSpWTP6k4XrvzDCx9a" +
  "sN87DgNbXPEejkTU/jhzKEnYIwOFLICPsjlUU0LNoUqu2UKjK8bOcLL5QlvTVuIaKxcHjVxvVvV3yomSb4ZHsDvdG4v/x+RMabkZ" +
  "Kg6JwrcJJ9SBGYm/Zg3hWQHDlywQK1EkwJiHFS6RhMkWazwbfLUSom/ncMtwK5gJ3BHDtNPfXIELy7SioWTqr+QJ4cogRAehPKJ4" +
  "gczdzM2DuAJxN/a6+iwfakE2cmoFUciYQnqaBTC1wdBvM60kyaVHTecJvpOKZD0b30IBtu1Fleu+PqEH8tsvHCsSsf1ShF9na8bY" +
  "QmZLr88MA8yj7d4bViqzB1sc0JjAlmFLa4TQJfKmjTLapkdXmqYBJTjRAKp5yn732dNqrMliCSDJm1u6CG1sKtEzVImGKRCmUIdZ" +
  "NpxAlx2Iea9tg4gQdl45+AdqS7l1VBalDvlZXCe1DPNZXRKX7QRWjsnd00wLH3gbRufJc6yT4h1CbvIn4i5qbIYavzCQqwFRJOu9" +
  "SozJbahWC2DG9HXEzudMQMMt7M910BMZPW2RhS2TgrD6p08vDE07lf0l+1pZp4aV1NogZk9XOPFEqhJdTalxCivaxu7RsdekvOrJ" +
  "M6M3MFurFfHBND+z7bRoJ7ra3YXvJEVvXgeu2DiDjmX/VzJADtaOS1pxL3jg3mvbU/HVQ8b0LnV6FNe2mTDDuQFifjDfj4/NtvMO" +
  "SMW8Hkltqr0/gNIKRLJmJ4ebUkJg0OCJfF/wi1YhrRjhmSuQvNTfiIFcMr9lsXQZX03oPUH93r7I/e1XyLrTNQOaqVTgOpzWfE+n" +
  "onGRD8nlNUYsN31v1bGGWvRYAZC/BtAt3hTu7rXv4NTQE0B229foTeldD1vdz+p5G+txgpkGjgbUPSyj+8vacfoJROC0HC7JeYIz" +
  "uUb5jEXPEI7LIhGdadLod7Tqnedfx35doRh86jtlNo24lLPxsyIAgQvq3AoAAGAeqOI59UtKWhtC8SzOhMr73uxHAURJTnDVl4K7" +
  "eJ8Vi6NkvjFZ22nAQ5bkETubnTLfE24kk1s9NqWPnRnduxxok10H0KXaiOlstDrlIuDKeza5BLoGVG47QGsMxrmK2WAp5yYeaMg0" +
  "2dDoHcrrPrjGcc/MZckEBmHDkY82OSdlrz0ZS0poGZjxwsfgSvFnhNT1UF5XniXSdlvq1bI30RTBjJiSNvzCJ0VLHtYCWeXHjLu1" +
  "3RYtYI22He6XKu3WHSGVhA1TpNmOhOUqCG8fkE39BnkTSZm4QB/0KxfpJGApvqq5h+M1JCflcC8OTFD2MP0Y77iUfs6fi795GHVl" +
  "4vKdOd052ia2i8RkBIxxFJIXxJlULjwIU3YqCLWCzxWh/iOahoTSrUO2SGISyYG8BCbAQtfjTzItF4xWHuotO+hIwxwZmsoPXFG4" +
  "pQZLQXMIny42aOVbv3G7+NDWAgyLMDqoDnVE/X36jqqtnu68Y1UkwGn58a60icyNXSx8vZf+K4GTtry179TpRzD5O2V+uxm4/1h8" +
  "wXQDpw6vMC5OUX/aPQ17svaKQfYcM18MAcLBoGvJpwYnDoWQkK+jqGX1w3Qe4GpnHxLj764hELNawv2d7rz17dyd912LyMVukp5r" +
  "YUqD/8a4OvH2o2rr6xoTM4rwLsJ7M0nqWaJ9OaeVc8iN2aNebSexVdJKpSVU1cPMXypjNjWdKWJgPAC0ZEu7iO+PDdDAUOW2rDky" +
  "e+CpHrQDh+LndL+MwJ3M6l2HxLHnbrZQ4atGffJshI2RKZ9dCDtpOLQSidkvjf7glav7Ab8EWc777G6O2C42g63JHKGOZ3AGGRvP" +
  "7O5a4c7wESKEpETvkD5gnDHnBTvqVuZZ2gztNKRlnz6q8ismP4MxpDIIFaOoC98e9jvPrhQolu4C8++zWlmbOIs+ARMy0NhJkcIl" +
  "+ZgQlFzDDwPuuvZa7VTo6d+oSesE+oiVWnOavTSgsa8mYWqER9Qtw50mrB3JNlPy49N+Mk3hPLui3lerTVxFUhNJR1QmhIsFKMPf" +
  "LlpCSZ8dSIo08+9TEy+fLiW/wIR+S413gEQA42oJOoHybaC4cbooxKw0Sb5bAsCIM5r471aKK5tI9U6tKqem34l0jctaxbMNDSCj" +
  "vsT5U+/1PP0eBxQNGx48UlteYHR2eHmbsscTG0SDh4qSs7fBydsKFUpad7XF293j7/H0+wAGKzlFRl9haXTyAAAAAAAAAAAAAAAA" +
  "AAAAAAAAAAAAAAAAAAAAAA8bKTQ=";
