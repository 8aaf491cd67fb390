"""Records: how long each kind is kept, and who destroys it when (44 U.S.C. chapter 33)."""
