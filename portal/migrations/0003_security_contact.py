from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0002_people_stay'),
    ]

    operations = [
        migrations.AlterField(
            model_name='portaltext',
            name='body',
            field=models.TextField(help_text='Viết chữ thường; **đậm**, *nghiêng*, - gạch đầu dòng, [chữ](địa chỉ). Nơi nhận báo lỗi bảo mật: mỗi dòng một thư điện tử, số điện thoại dạng +84… hoặc địa chỉ https://…, cách nào nên dùng trước viết trước.', verbose_name='nội dung'),
        ),
        migrations.AlterField(
            model_name='portaltext',
            name='key',
            field=models.CharField(choices=[('giay-phep', 'Giấy phép dữ liệu mở'), ('bao-mat', 'Nơi nhận báo lỗi bảo mật')], max_length=20, primary_key=True, serialize=False, verbose_name='chỗ'),
        ),
    ]
