"""What a certification is made of, part by part."""
